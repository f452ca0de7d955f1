// A made-up table to try the report with: a week of a shop's newsletters. Names are those of RFC 2606,
// addresses those of RFC 5737.

const REPLIES = [
  [14, "421 Message source blocked temporarily. One or more sender authentication rules matched."],
  [11, "421 Service Temporarily Unavailable"],
  [17, "451 Please try again later"],
  [9, "451 <{to}>: Recipient address rejected: Intentional policy rejection, please try again later"],
  [21, "450 <{from}>: Sender address rejected: Greylisted for 120 seconds! Please, see https://greylist.example/help"],
  [13, "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table"],
  [10, "452 4.2.2 The email account that you tried to reach is over quota"],
  [5, "554 5.7.1 Service unavailable; Client host [{ip}] blocked using zen.spamhaus.org"],
];
const SENDERS = [
  ["news@shop.example.com", "192.0.2.11"],
  ["news@shop.example.com", "192.0.2.12"],
  ["club@travel.example.net", "198.51.100.7"],
  ["hello@books.example.org", "203.0.113.25"],
];
const CAMPAIGNS = ["spring sale", "new arrivals", "weekly letter"];
const TO = ["example.com", "example.net", "example.org", "mail.example"];
const MINUTE = 60_000;

/** @param {number} messages how many that did not arrive at once */
export function sample(messages = 900) {
  const rows = [["time", "from", "ip", "campaign", "message id", "recipient", "reply"]];
  const start = Date.UTC(2024, 4, 1, 8);
  for (let at = 0; at < messages; at += 1) {
    const pick = (list, salt) => list[dice(at, salt) % list.length];
    const [from, ip] = pick(SENDERS, 1);
    const campaign = pick(CAMPAIGNS, 2);
    const to = `reader${at}@${pick(TO, 3)}`;
    const text = reply(dice(at, 4)).replace("{to}", to).replace("{from}", from).replace("{ip}", ip);
    const first = start + (dice(at, 5) % (7 * 24 * 60)) * MINUTE;
    const tries = text.startsWith("5") ? 1 : 1 + (dice(at, 6) % 3);
    const add = (time, words) =>
      rows.push([new Date(time).toISOString(), from, ip, campaign, `<${at}@${from.split("@")[1]}>`, to, words]);
    for (let each = 0; each < tries; each += 1) add(first + each * 20 * MINUTE, text);
    if (!text.startsWith("5") && dice(at, 7) % 4 > 0) add(first + tries * 20 * MINUTE, "250 2.0.0 Ok: queued");
  }
  const csv = rows.map((row) =>
    row.map((cell) => (/[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(","),
  );
  return new File([`${csv.join("\r\n")}\r\n`], "example.csv", {
    type: "text/csv",
    lastModified: start + 30 * 24 * 60 * MINUTE,
  });
}

function reply(number) {
  let left = number % REPLIES.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, text] of REPLIES) {
    if (left < weight) return text;
    left -= weight;
  }
  return REPLIES[0][1];
}

/** The same numbers each time: a hash, not chance. */
function dice(at, salt) {
  let hash = Math.imul(at + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
  return (hash ^ (hash >>> 13)) >>> 0;
}
