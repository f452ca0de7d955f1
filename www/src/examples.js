// Texts to try the page with. Names are those of RFC 2606, addresses those of RFC 5737.
// The label of each is the string `example.<id>`.

/** @type {readonly { id: string, text: string }[]} */
export const examples = [
  {
    id: "unknown-user",
    text: "550 5.1.1 <j.smith@example.com>: Recipient address rejected: User unknown in virtual mailbox table",
  },
  {
    id: "full-mailbox",
    text: `452-4.2.2 The recipient's inbox is out of storage space and can't receive
452-4.2.2 messages. Please direct the recipient to
452 4.2.2 https://support.example.com/mail/?p=OverQuotaTemp a1-20020a05 - gsmtp`,
  },
  {
    id: "greylisting",
    text: "450 <<EMAIL>>: Sender address rejected: Greylisted for 120 seconds! Please, see <URL>",
  },
  {
    id: "blocklist",
    text: "554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org; https://check.spamhaus.org/query/ip/192.0.2.25",
  },
  {
    id: "authentication",
    text: `550-5.7.26 Your email has been blocked because the sender is unauthenticated.
550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM.
550-5.7.26
550-5.7.26  Authentication results:
550-5.7.26  DKIM = did not pass
550-5.7.26  SPF [example.org] with ip: [198.51.100.7] = did not pass
550 5.7.26 b2-20020a17 - gsmtp`,
  },
  {
    id: "rate-limit",
    text: "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered. c3-20020a63 - gsmtp",
  },
  {
    id: "access-denied",
    text: "550 5.4.1 [sales@example.net]: Recipient address rejected: Access denied. AS(201806281) [AM0EUR02FT030.eop-EUR02.prod.protection.outlook.com]",
  },
  {
    id: "time-out",
    text: "connect to mx.example.net[203.0.113.25]:25: Connection timed out",
  },
  {
    id: "domain-typo",
    text: "<anna@exmaple.test>: Host or domain name not found. Name service error for name=exmaple.test type=A: Host not found",
  },
  {
    id: "too-big",
    text: "552 5.3.4 Message size exceeds fixed maximum message size (26214400)",
  },
  {
    id: "policy",
    text: "451 <<EMAIL>>: Recipient address rejected: Intentional policy rejection, please try again later",
  },
  {
    id: "italian",
    text: "550 5.2.1 La casella di posta è stata disattivata",
  },
  {
    id: "several",
    text: `550 5.1.1 <old.customer@example.com>: Recipient address rejected: User unknown
452 4.2.2 <maria@example.net>: Mailbox full
451 4.7.1 <info@example.org>: Greylisting in action, please come back in 5 minutes`,
  },
  {
    id: "report",
    text: `This is the mail system at host mail.example.org.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<old.customer@example.com>: host mx.example.com[203.0.113.7] said: 550 5.1.1
    <old.customer@example.com>: Recipient address rejected: User unknown in
    relay recipient table (in reply to RCPT TO command)

Reporting-MTA: dns; mail.example.org
Arrival-Date: Mon, 2 Feb 2026 09:14:02 +0100

Final-Recipient: rfc822; old.customer@example.com
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.com
Diagnostic-Code: smtp; 550 5.1.1 <old.customer@example.com>: Recipient address
    rejected: User unknown in relay recipient table`,
  },
];

/** @param {string} id */
export const exampleText = (id) => examples.find((example) => example.id === id)?.text;
