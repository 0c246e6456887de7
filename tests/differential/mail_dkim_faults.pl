# Where Mail::DKIM 1.20230212 leaves RFC 6376: each fault with its section, and the subs that mend it. A mend is called
# with the sub it stands for, then that sub's arguments.
use strict;
use warnings;

my $LABEL = qr/[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?/;

sub is_base64 {
  my ($text) = @_;
  $text = '' unless defined $text;
  $text =~ s/[ \t\r\n]//g;
  return 0 unless $text =~ /^[A-Za-z0-9+\/]+={0,2}\z/;
  return ($text =~ tr/=//c) % 4 != 1;
}

# A further test of a signature, before anything is asked.
sub signature_must {
  my ($test) = @_;
  return ['Mail::DKIM::Verifier::check_signature', sub {
    my ($next, $self, $signature) = @_;
    $test->($signature) or do { $self->{signature_reject_reason} = 'mended'; return 0 };
    return $next->($self, $signature);
  }];
}

# A further test of a key record.
sub record_must {
  my ($test) = @_;
  return ['Mail::DKIM::PublicKey::check', sub {
    my ($next, $self) = @_;
    $test->($self) or die "mended\n";
    return $next->($self);
  }];
}

# A further test of any tag list.
sub list_must {
  my ($test) = @_;
  return ['Mail::DKIM::KeyValueList::parse', sub {
    my ($next, $self, $string) = @_;
    my $list = $next->($self, $string);
    $test->($list, $string) or die "syntax error\n";
    return $list;
  }];
}

sub names_of { return grep { defined } map { $_->{name} } @{ $_[0]->{tags} } }

sub by_grammar {
  my ($list, $string) = @_;
  my @specs = split /;/, $string, -1;
  pop @specs if @specs > 1 && $specs[-1] =~ /^[ \t\r\n]*\z/;
  return !grep { !/^[ \t\r\n]*[A-Za-z][A-Za-z0-9_]*[ \t\r\n]*=[!-~\x80-\xff \t\r\n]*\z/ } @specs;
}

sub unrepeated { my %seen; return !grep { $seen{$_}++ } names_of($_[0]) }

# The length of the canonical body, hashed or not.
sub body_length { my ($canon) = @_; return $canon->{body_count} + $canon->{body_truncated} }

our @FAULTS = (
  # the signature's tags
  '3.2 a tag list is by the grammar' => [list_must(\&by_grammar)],
  '3.2 no tag stands twice' => [list_must(\&unrepeated)],
  '3.5 v, a, b, bh, d, h and s must stand, v=1' => [signature_must(sub {
    my ($s) = @_;
    return ($s->get_tag('v') // '') eq '1' && !grep { !defined $s->get_tag($_) } qw(a b bh d h s);
  })],
  '3.2 the value of a= has case' => [signature_must(sub {
    return ($_[0]->get_tag('a') // '') eq ($_[0]->algorithm // '');
  })],
  '3.2, 3.5 c= is simple or relaxed, with case' => [signature_must(sub {
    return ($_[0]->get_tag('c') // 'simple') =~ m{^(?:simple|relaxed)(?:/(?:simple|relaxed))?\z};
  })],
  '3.5 q= is a list, with white space' => [['Mail::DKIM::Signature::protocol', sub {
    my ($next, @arguments) = @_;
    my $value = $next->(@arguments);
    $value =~ s/[ \t\r\n]*:[ \t\r\n]*/:/g;
    return $value;
  }]],
  '3.5 l=, t= and x= are numbers' => [signature_must(sub {
    my ($s) = @_;
    return !grep { defined $s->get_tag($_) && $s->get_tag($_) !~ /^[0-9]+\z/ } qw(l t x);
  })],
  '3.5 x= is later than t=' => [signature_must(sub {
    my ($s) = @_;
    return !defined $s->get_tag('x') || !defined $s->get_tag('t') || $s->get_tag('x') > $s->get_tag('t');
  })],
  '3.5 d= and s= are names of labels, d= of two at least' => [signature_must(sub {
    my ($s) = @_;
    return ($s->get_tag('d') // '') =~ /^$LABEL(?:\.$LABEL)+\z/ && ($s->get_tag('s') // '') =~ /^$LABEL(?:\.$LABEL)*\z/;
  })],
  '3.5 i= is quoted-printable' => [signature_must(sub { return ($_[0]->get_tag('i') // '') !~ /=(?![0-9A-Fa-f]{2})/ })],
  '3.5 what is not base64 is not skipped in b= and bh=' => [signature_must(sub {
    return is_base64($_[0]->get_tag('b')) && is_base64($_[0]->get_tag('bh'));
  })],
  '5.4 From must be in h=' => [signature_must(sub { return scalar grep { $_ eq 'from' } $_[0]->headerlist })],
  # what is hashed
  '3.5 l=0 signs nothing of the body' => [['Mail::DKIM::Signature::body_count', sub {
    my ($next, @arguments) = @_;
    my $length = $next->(@arguments);
    return defined $length && $length =~ /^0+\z/ ? '0E0' : $length;    # true, and zero
  }], ['Mail::DKIM::Canonicalization::simple::finish_body', sub {
    my ($next, $self) = @_;
    my $length = $self->{Signature}->get_tag('l');
    return $next->($self) if $self->{canonicalize_body_started} || !defined $length || $length > 1;
    $self->output("\r") if $length == 1;
  }]],
  '3.5 l= is no more than the body' => [['Mail::DKIM::Algorithm::Base::check_body_hash', sub {
    my ($next, $self) = @_;
    my $length = $self->{Signature}->get_tag('l');
    my $canon = $self->{body_canon};
    my $empty = $canon->isa('Mail::DKIM::Canonicalization::simple') && !$canon->{canonicalize_body_started};
    return if defined $length && $length > ($empty ? 2 : body_length($canon));
    return $next->($self);
  }]],
  '3.4.2 white space is SP and HTAB alone' => [['Mail::DKIM::Canonicalization::relaxed::canonicalize_header', sub {
    my ($next, $self, $line) = @_;
    my ($name, $value) = split /:/, $line, 2;
    $value =~ s/\r\n//g;
    s/[ \t]+/ /g, s/ \z// for $name, $value;
    $value =~ s/^ //;
    return lc($name) . ":$value";
  }]],
  '3.7 a signature does not sign itself by h=' => [['Mail::DKIM::Canonicalization::DkimCommon::finish_header', sub {
    my ($next, $self, %args) = @_;
    my $own = $self->{Signature}->as_string . "\r\n";
    return $next->($self, Headers => [grep { $_ ne $own } @{ $args{Headers} }]);
  }]],
  'RFC 5322 4.5 white space may stand before a colon' => [['Mail::DKIM::Signature::DEFAULT_PREFIX', sub {
    return 'DKIM-Signature[ \t]*:';
  }]],
  # the key record
  '3.6.1 v= is DKIM1 and stands first' => [record_must(sub {
    my ($r) = @_;
    my $v = $r->get_tag('v');
    return !defined $v || $v eq 'DKIM1' && (names_of($r))[0] eq 'v';
  })],
  '3.6.1 an empty k= is no key type' => [record_must(sub { return ($_[0]->get_tag('k') // 'rsa') ne '' })],
  '3.6.1 h=, s= and t= are lists with white space' => [['Mail::DKIM::KeyValueList::get_tag', sub {
    my ($next, $self, $name) = @_;
    my $value = $next->($self, $name);
    $value =~ s/[ \t]*:[ \t]*/:/g if defined $value && $self->isa('Mail::DKIM::PublicKey') && $name =~ /^[hst]\z/;
    return $value;
  }]],
  '3.6.1 g= is no more (RFC 4871)' => [['Mail::DKIM::PublicKey::granularity', sub { return '*' }]],
  '3.6.1 p= may be a bare RSAPublicKey' => [['Mail::DKIM::PublicKey::convert', sub {
    my ($next, $self) = @_;
    return 1 if eval { $next->($self) };
    my $kind = 'RSA PUBLIC KEY-----';
    my $lines = join "\n", "-----BEGIN $kind", $self->data =~ /(.{1,64})/g, "-----END $kind\n";
    $self->cork(Crypt::OpenSSL::RSA->new_public_key($lines));
    return 1;
  }]],
  '2.10 base64 may lack its padding, or have too much' => [['Mail::DKIM::PublicKey::data', sub {
    my ($next, @arguments) = @_;
    my $p = $next->(@arguments);
    return $p unless defined $p && $p =~ s/={0,2}\z//;
    return $p . '=' x (-length($p) % 4);
  }]],
);

1;
