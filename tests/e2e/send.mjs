// node send.mjs PORT ADDRESS: one mail by nodemailer, over STARTTLS with a self-signed certificate.
import nodemailer from "nodemailer";

const [port, to] = process.argv.slice(2);
const transport = nodemailer.createTransport({
  host: "127.0.0.1", port: Number(port), name: "mail.example.com", tls: { rejectUnauthorized: false },
  auth: { user: "anyone", pass: "anything" },
});
await transport.sendMail({ from: "shop@example.com", to, subject: "주문을 받았습니다", text: "감사합니다." });
