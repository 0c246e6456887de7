#!/usr/bin/perl
# The cases of dkim_judge, judged by Perl's Mail::DKIM: a JSON object a line in, one out.
# {"mail": base64, "name", "record": text or null, "dns", "at", "mended": names} → {"result", "detail"} of the topmost
# signature. With --faults it prints the names that may be mended.
use strict;
use warnings;

our $now;
BEGIN { *CORE::GLOBAL::time = sub { $now // CORE::time() } }

use JSON::PP;
use MIME::Base64;
use Mail::DKIM::DNS;
use Mail::DKIM::Verifier;
use Net::DNS;

our @FAULTS;
use FindBin;
require "$FindBin::Bin/mail_dkim_faults.pl";
my %mend = @FAULTS;

# Stands for Net::DNS::Resolver: one TXT record is the whole DNS.
package OneRecord {
  sub new { my ($class, %case) = @_; return bless {%case}, $class }
  sub errorstring { return $_[0]->{error} }

  sub send {
    my ($self, $name, $type) = @_;
    $self->{error} = 'NOERROR';
    if ($self->{dns} ne 'ok') {
      $self->{error} = $self->{dns} eq 'timeout' ? 'query timed out' : 'SERVFAIL';
      die "query timed out\n" if $self->{dns} eq 'timeout';
    }
    my $packet = Net::DNS::Packet->new($name, $type);
    my $known = defined $self->{record} && lc $name eq lc $self->{name};
    $packet->header->rcode($self->{dns} ne 'ok' ? 'SERVFAIL' : $known ? 'NOERROR' : 'NXDOMAIN');
    $packet->push(answer => $self->txt($name)) if $known && $self->{dns} eq 'ok';
    return $packet;
  }

  # At most 255 octets a string.
  sub txt {
    my ($self, $name) = @_;
    my $text = $self->{record};
    my @strings = $text =~ /(.{1,255})/gs;
    return Net::DNS::RR->new(owner => $name, type => 'TXT', txtdata => [@strings ? @strings : '']);
  }
}

sub judge {
  my ($case) = @_;
  local $SIG{__WARN__} = sub { };    # it warns of every odd number
  $now = $case->{at};
  Mail::DKIM::DNS::resolver(OneRecord->new(%$case));
  # Strict: no rsa-sha1, no short keys (RFC 8301).
  my $dkim = Mail::DKIM::Verifier->new(Strict => 1);
  $dkim->PRINT(decode_base64($case->{mail}));
  $dkim->CLOSE;
  my ($first) = $dkim->signatures;
  return { result => 'none', detail => $dkim->{signature_reject_reason} // '' } unless $first;
  return { result => $first->result // 'none', detail => $first->{verify_details} // '' };
}

# Judges with these faults mended, and undoes the mends.
sub mended {
  my ($case, @names) = @_;
  no strict 'refs';
  no warnings 'redefine';
  my @undo;
  for my $pair (map { @{ $mend{$_} // die "no fault is named '$_'\n" } } @names) {
    my ($name, $wrapper) = @$pair;
    defined &{$name} or die "there is no $name\n";
    my $next = \&{$name};
    push @undo, [$name, $next];
    *{$name} = sub { $wrapper->($next, @_) };
  }
  my $told = eval { judge($case) } // { result => 'died', detail => "$@" };
  *{ $_->[0] } = $_->[1] for reverse @undo;
  return $told;
}

$| = 1;
my $json = JSON::PP->new->utf8->canonical;
if (@ARGV) {
  print $json->encode([map { $FAULTS[2 * $_] } 0 .. $#FAULTS / 2]), "\n";
  exit;
}
while (my $line = <STDIN>) {
  my $case = $json->decode($line);
  print $json->encode(mended($case, @{ $case->{mended} // [] })), "\n";
}
