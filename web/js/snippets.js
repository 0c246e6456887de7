// Ready-to-paste ways to send a mail here. Code, not words: the same in every language.

// What to connect to, from the server's reachability: its MX if that leads here to the port of MX hosts, else a
// listening address.
export function smtpServer(reachability, hostname) {
  const mx = reachability?.mx?.find((entry) => entry.leads_here);
  if (mx && reachability.listening?.some(({address}) => address.endsWith(':25'))) return {host: mx.host.replace(/\.$/, ''), port: 25};
  const listening = reachability?.listening?.[0]?.address;
  const parts = /^\[?(.*?)\]?:(\d+)$/.exec(listening ?? '');
  if (!parts) return {host: hostname, port: 2525};
  const anywhere = ['0.0.0.0', '::', ''].includes(parts[1]);
  return {host: anywhere ? hostname : parts[1], port: Number(parts[2])};
}

const swaks = (to, {host, port}) => `swaks --to ${to} \\
  --from you@example.com \\
  --server ${host} --port ${port}`;

const nodemailer = (to, {host, port}) => `import nodemailer from 'nodemailer';

const transport = nodemailer.createTransport({
  host: '${host}', port: ${port},
  tls: {rejectUnauthorized: false},
});
await transport.sendMail({
  from: 'you@example.com',
  to: '${to}',
  subject: 'Hello', text: 'Is this mail all right?',
});`;

const python = (to, {host, port}) => `import smtplib
from email.message import EmailMessage

mail = EmailMessage()
mail["From"] = "you@example.com"
mail["To"] = "${to}"
mail["Subject"] = "Hello"
mail.set_content("Is this mail all right?")
with smtplib.SMTP("${host}", ${port}) as smtp:
    smtp.send_message(mail)`;

const spring = (to, {host, port}) => `// application.properties
//   spring.mail.host=${host}
//   spring.mail.port=${port}
@Autowired JavaMailSender sender;

void send() {
  var mail = new SimpleMailMessage();
  mail.setFrom("you@example.com");
  mail.setTo("${to}");
  mail.setSubject("Hello");
  mail.setText("Is this mail all right?");
  sender.send(mail);
}`;

const php = (to, {host, port}) => `<?php
// composer require phpmailer/phpmailer
require 'vendor/autoload.php';

$mail = new PHPMailer\\PHPMailer\\PHPMailer(true);
$mail->isSMTP();
$mail->Host = '${host}';
$mail->Port = ${port};
$mail->SMTPOptions = ['ssl' => ['verify_peer' => false,
  'verify_peer_name' => false, 'allow_self_signed' => true]];
$mail->setFrom('you@example.com');
$mail->addAddress('${to}');
$mail->Subject = 'Hello';
$mail->Body = 'Is this mail all right?';
$mail->send();`;

// A service that finds its own way here needs no server: the address alone.
const ses = (to) => `aws sesv2 send-email \\
  --from-email-address you@example.com \\
  --destination ToAddresses=${to} \\
  --content 'Simple={Subject={Data=Hello},Body={Text={Data=Hi}}}'`;

// [{id, label, code}]; console: the address to type where a provider's console sends a test mail.
export function snippets(to, server) {
  return [
    {id: 'swaks', label: 'swaks', code: swaks(to, server)},
    {id: 'nodemailer', label: 'nodemailer', code: nodemailer(to, server)},
    {id: 'python', label: 'Python smtplib', code: python(to, server)},
    {id: 'spring', label: 'Java / Spring', code: spring(to, server)},
    {id: 'php', label: 'PHP', code: php(to, server)},
    {id: 'ses', label: 'Amazon SES', code: ses(to), console: to},
  ];
}
