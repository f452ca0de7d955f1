// The types of bouncelens, by hand. They need neither the DOM library nor Node's types.

/** What a text reports. `bounce` is a failed delivery, `delay` one that is still being retried. */
export type Kind =
  | "bounce"
  | "delay"
  | "delivered"
  | "auto-reply"
  | "complaint"
  | "challenge"
  | "read-receipt"
  | "subscription"
  | "aggregate-report"
  | "unrelated";

/** Permanent (the address is dead), or temporary or not the address's fault. */
export type BounceType = "hard" | "soft";

/** Whose fault a failure is. Suppress an address only where it is the recipient's. */
export type Fault = "recipient" | "sender" | "content" | "receiver" | "network" | "unknown";

/** The form in which a text arrived. */
export type Form = "smtp" | "dsn" | "ndr" | "arf" | "mail" | "webhook" | "log" | "csv";

/** The SMTP stage at which a reply was given. */
export type Command = "connect" | "helo" | "starttls" | "auth" | "mail-from" | "rcpt-to" | "data" | "quit";

/** The reasons, under their categories. The ids stay for ever. */
export interface ReasonsByCategory {
  "no-answer-from-host": "connect-timeout" | "connect-refused" | "host-unreachable";
  "bad-connection": "connection-lost" | "tls-handshake-failed" | "service-unavailable" | "server-busy";
  "quota-issues": "mailbox-full" | "mailbox-full-dormant" | "message-too-big";
  "protocol-errors":
    | "command-sequence"
    | "command-syntax"
    | "helo-rejected"
    | "line-too-long"
    | "encoding-unsupported"
    | "smtputf8-unsupported";
  "routing-errors": "mail-loop" | "unable-to-route" | "forward-target-failed";
  "bad-configuration":
    | "system-storage-full"
    | "system-not-accepting"
    | "receiver-local-error"
    | "receiver-dns-failure"
    | "receiver-tls-policy-broken"
    | "list-expansion-failed";
  "content-related": "attachment-blocked" | "message-format-invalid" | "content-rejected";
  "spam-related":
    | "ip-blocklisted"
    | "domain-blocklisted"
    | "url-blocklisted"
    | "ip-reputation"
    | "domain-reputation"
    | "spam-content"
    | "user-complaints"
    | "dynamic-ip"
    | "harvest-block";
  "invalid-sender":
    | "spf-fail"
    | "dkim-fail"
    | "dmarc-fail"
    | "authentication-failed"
    | "ptr-missing"
    | "sender-domain-not-found"
    | "sender-address-rejected"
    | "sender-spoofing"
    | "sender-account-suspended";
  "message-expired": "delivery-expired" | "delivery-delayed";
  "policy-related":
    | "greylisted"
    | "rate-limited-sender"
    | "rate-limited-recipient"
    | "connection-limit"
    | "too-many-recipients"
    | "sending-quota-exceeded"
    | "recipient-restricted"
    | "recipient-blocks-sender"
    | "admin-policy"
    | "access-denied"
    | "tls-required"
    | "recipient-verification"
    | "geo-blocked"
    | "suppressed-locally";
  "virus-related": "virus-found";
  "bad-mailbox": "user-unknown" | "not-in-directory";
  "inactive-mailbox": "mailbox-disabled" | "mailbox-dormant" | "mailbox-moved" | "owner-changed";
  "bad-domain": "domain-not-found" | "no-mail-host" | "domain-refuses-mail";
  "relaying-issues": "relay-denied" | "domain-not-hosted" | "relay-auth-required";
  "invalid-address": "address-syntax";
  other: "unspecified-permanent" | "unspecified-temporary";
}

/** One of the 18 categories. */
export type Category = keyof ReasonsByCategory;

/** One of the reasons. */
export type Reason = ReasonsByCategory[Category];

/** How much one piece of evidence proves. */
export type Strength = "definite" | "strong" | "fair" | "weak";

/** One link in the chain of reasons for a verdict. */
export interface Because {
  /**
   * What it rests on: the id of a phrase rule (`bad-mailbox/user-unknown`), a provider's code
   * (`code/google/5.7.26`), a registered code (`code/5.1.1`, `code/550`), a blocklist
   * (`blocklist/Spamhaus ZEN`), the reporting system's own class (`class`), the form (`form`), or a
   * word that is in no known phrase here but at home with the reason (`word`: a guess).
   */
  readonly rule: string;
  /** Whether it speaks for the verdict or for something else. */
  readonly role: "supports" | "contradicts";
  /** The reason it speaks for. */
  readonly reason: Reason;
  readonly strength: Strength;
  /** The words; empty where a field states it. */
  readonly text: string;
  /**
   * Where the words stand in the input: UTF-16 offsets for a string, byte offsets for bytes, so that
   * `input.slice(start, end)` gives them. `null` where they were decoded or joined and stand nowhere.
   */
  readonly start: number | null;
  readonly end: number | null;
}

/** The next best reading. */
export interface RunnerUp {
  readonly category: Category;
  readonly reason: Reason;
}

/** What every verdict says, whatever its kind. */
export interface VerdictBase {
  /** How sure this is, 0 to 1: of verdicts at 0.9, nine in ten should be right. */
  readonly confidence: number;
  readonly fault: Fault;
  /** A soft bounce whose words say that the address is dead: expect a hard one next. */
  readonly likelyHard: boolean;
  /** The SMTP reply code, such as 550. */
  readonly code: number | null;
  /** The enhanced status code, such as "5.1.1". */
  readonly status: string | null;
  /** What the registry says that the enhanced code means. */
  readonly statusMeaning: string | null;
  readonly recipient: string | null;
  /** The address that the sender wrote to, where it differs. */
  readonly originalRecipient: string | null;
  /** The words that the verdict was read from; empty where the report quotes none. */
  readonly diagnostic: string;
  /** The host that refused. */
  readonly remoteHost: string | null;
  /** The host that reports. */
  readonly reportingHost: string | null;
  /** Who spoke, such as "google": a provider, gateway or mail server that the data knows. */
  readonly provider: string | null;
  /** The SMTP stage, where it is known. */
  readonly command: Command | null;
  /** Seconds to wait, where the text states them. */
  readonly retryAfter: number | null;
  /** Of an expired message: what its last try met; of a forwarded one: what befell its target. */
  readonly cause: Reason | null;
  readonly form: Form;
  /** Why: supporting links first, the strongest first among them. */
  readonly because: readonly Because[];
  readonly runnerUp: RunnerUp | null;
}

/** A delivery that failed. */
export interface BounceVerdict extends VerdictBase {
  readonly kind: "bounce";
  readonly type: BounceType;
  readonly category: Category;
  readonly reason: Reason;
}

/** A delivery that is still being retried: what it has met so far, where that is said. */
export interface DelayVerdict extends VerdictBase {
  readonly kind: "delay";
  readonly type: BounceType | null;
  readonly category: Category | null;
  readonly reason: Reason | null;
}

/** Anything that is no failed delivery. */
export interface OtherVerdict extends VerdictBase {
  readonly kind: Exclude<Kind, "bounce" | "delay">;
  readonly type: null;
  readonly category: null;
  readonly reason: null;
}

/** What one text says about one recipient. Plain data: it survives `JSON` and `structuredClone`. */
export type Verdict = BounceVerdict | DelayVerdict | OtherVerdict;

/** Options of every reading function. An unknown key is an error that names it. */
export interface ClassifyOptions {
  /**
   * Reads the input as this form instead of finding out which it is. `dsn`, `ndr`, `arf` and `mail` all
   * mean a mail, or a mailbox of them: what a mail reports is for the mail to say. `webhook` is JSON or a
   * form post; `log` takes lines, and the tables and JSON that some servers write instead.
   */
  readonly form?: Form | undefined;
  /** The largest input taken, in bytes of UTF-8; 67108864 (64 MiB) if not given. */
  readonly maxBytes?: number | undefined;
  /** Rules of one's own, made by `createRules` of `bouncelens/regex`. */
  readonly rules?: OwnRules | undefined;
}

/** A rule of one's own. */
export interface OwnRule {
  /** What `because` names it by. */
  readonly id: string;
  /** A regular expression in the syntax of Rust's `regex` crate, such as `(?i)account closed by \w+`. */
  readonly pattern: string;
  /** What it means. */
  readonly reason: Reason;
}

/** Rules of one's own, compiled: what `createRules` of `bouncelens/regex` gives and the option `rules` takes. */
export interface OwnRules {
  readonly rules: readonly OwnRule[];
}

/** Many texts as one: text `i` is `bytes.subarray(offsets[i], offsets[i + 1])`. */
export interface ByteTexts {
  readonly bytes: Uint8Array;
  readonly offsets: Uint32Array | readonly number[];
}

/** One row of a batch: the part of a verdict that fits into numbers. */
export interface BatchRow {
  readonly kind: Kind;
  readonly type: BounceType | null;
  readonly category: Category | null;
  readonly reason: Reason | null;
  readonly fault: Fault;
  readonly confidence: number;
  readonly likelyHard: boolean;
  readonly code: number | null;
  readonly status: string | null;
  readonly provider: string | null;
  readonly retryAfter: number | null;
  readonly form: Form;
}

/** The rows of a batch, a typed array a field. An index is a place in `names`; 255 is none. */
export interface BatchColumns {
  readonly kind: Uint8Array;
  readonly type: Uint8Array;
  readonly category: Uint8Array;
  readonly reason: Uint8Array;
  readonly fault: Uint8Array;
  readonly confidence: Float32Array;
  readonly likelyHard: Uint8Array;
  /** 0 is none. */
  readonly code: Uint16Array;
  /** Class × 1,000,000 + subject × 1,000 + detail; 0 is none. */
  readonly status: Uint32Array;
  readonly provider: Uint8Array;
  /** Seconds; 4294967295 is none. */
  readonly retryAfter: Uint32Array;
  readonly form: Uint8Array;
}

/** The names behind the indexes of `BatchColumns`. */
export interface BatchNames {
  readonly kind: readonly Kind[];
  readonly type: readonly BounceType[];
  readonly category: readonly Category[];
  readonly reason: readonly Reason[];
  readonly fault: readonly Fault[];
  readonly provider: readonly string[];
  readonly form: readonly Form[];
}

/** One row a text, in columns: cheap to make, to count and to send to another thread. */
export interface BatchResult extends Iterable<BatchRow> {
  readonly length: number;
  readonly columns: BatchColumns;
  readonly names: BatchNames;
  /** Row `index`; a RangeError outside. */
  get(index: number): BatchRow;
  toObjects(): BatchRow[];
  /** The buffers behind `columns`, for `postMessage(result.columns, result.transferables())`. */
  transferables(): ArrayBuffer[];
}

/** What a report says about one recipient, before anything is concluded from it. */
export interface Notice {
  readonly kind: Kind;
  readonly form: Form;
  /** The words that the report quotes. */
  readonly reply: string;
  /** What it says around them, for people. */
  readonly prose: string | null;
  readonly code: number | null;
  readonly status: string | null;
  readonly command: Command | null;
  readonly recipient: string | null;
  readonly originalRecipient: string | null;
  /** The recipient's domain, where nothing but that is known: a table with a `domain` column. */
  readonly recipientDomain: string | null;
  readonly sender: string | null;
  readonly remoteHost: string | null;
  readonly reportingHost: string | null;
  readonly sendingIp: string | null;
  /** When it happened, as written. */
  readonly time: string | null;
  readonly campaign: string | null;
  readonly messageId: string | null;
  readonly queueId: string | null;
  readonly subject: string | null;
  /** Until when it will be tried, as written. */
  readonly retryUntil: string | null;
  readonly attempts: number | null;
  /** The reporting system's own class, such as `ses: Permanent/NoEmail`. */
  readonly systemClass: string | null;
  /** What could not be read. */
  readonly notes: readonly string[];
}

/** How an input is laid out. */
export type Layout = "replies" | "mail" | "mailbox" | "events" | "form-post" | "log" | "table";

/** What an input was taken for. */
export interface Recognised {
  readonly layout: Layout;
  /** How sure that is, 0 to 1. */
  readonly confidence: number;
  /** The caller said so by `form`; nothing was guessed. */
  readonly asked: boolean;
}

/**
 * What a part of an input is. Of mails: `mail` (one of several, or one within another), `header`, `text`,
 * `delivery-status`, `report` (a complaint's or receipt's fields), `original` (the failed mail) and
 * `attachment`; within their text `recipient`, `reply`, `prose`, `boilerplate` and `context` (a command of
 * a transcript). Of logs: `delivery` and `context` lines. Of events: `field`. Of tables: `column`,
 * `column-names` and `row`. `other` is what is nothing of these.
 */
export type PartRole =
  | "mail"
  | "header"
  | "text"
  | "delivery-status"
  | "report"
  | "original"
  | "attachment"
  | "recipient"
  | "reply"
  | "prose"
  | "boilerplate"
  | "delivery"
  | "context"
  | "field"
  | "column"
  | "column-names"
  | "row"
  | "other";

/** A part of an input, and what became of it. */
export interface InputPart {
  readonly role: PartRole;
  /** Whether anything of it went into a record. */
  readonly used: boolean;
  /** The content type of a part, the name of a column, the path of a field; else empty. */
  readonly name: string;
  /** The field of the notice that it was read as, where it is one. */
  readonly fact: Exclude<keyof Notice, "form" | "command" | "originalRecipient" | "notes"> | null;
  /** How many lines, rows, fields or parts like this it stands for. */
  readonly count: number;
  /**
   * Where it stands in the input, counted as in `Because`; `null` where it was decoded, or where it
   * stands for several.
   */
  readonly start: number | null;
  readonly end: number | null;
}

/** What a report says about one recipient, and what was made of it. */
export interface Reading {
  readonly notice: Notice;
  readonly verdict: Verdict;
}

/** Every stage from text to verdict. */
export interface Explanation {
  /** All of it, as text for people. */
  readonly text: string;
  readonly recognised: Recognised;
  /**
   * The parts of the input in the order in which they stand, used and not. A part that stands within
   * another follows it. Of more than 1,000 the rest is counted with its like.
   */
  readonly parts: readonly InputPart[];
  /** What was read, one entry a recipient or record, and what was made of it. */
  readonly records: readonly Reading[];
}

/** A verdict in words for people. */
export interface Advice {
  /** The locale that it is written in. */
  readonly locale: string;
  /** What happened, in a few words. */
  readonly title: string;
  /** What it means, in a sentence or two. */
  readonly summary: string;
  /** What to do, for each reader. */
  readonly steps: {
    readonly marketer: readonly string[];
    readonly administrator: readonly string[];
  };
  /**
   * A ready note to the recipient's postmaster; `null` where none is needed. It names the recipient,
   * with `redact` only the domain, and nobody else; what is not known stands in brackets.
   */
  readonly note: string | null;
  /** What hard and soft bounces mean for the list; `null` where nothing failed. */
  readonly comparison: {
    readonly title: string;
    /** Temporary or permanent. */
    readonly problem: string;
    /** Whether it can be tried again. */
    readonly retry: string;
    /** Whether the address stays in the list. */
    readonly list: string;
  } | null;
  /** Where to ask for help: the lists that the reply names, and the provider that refused. */
  readonly links: readonly AdviceLink[];
  /** What helps in general, five tips; empty where nothing failed. */
  readonly tips: readonly string[];
}

/** A page on which senders are helped. */
export interface AdviceLink {
  /** A blocklist, where one looks and asks to be taken off, or a provider's page for senders. */
  readonly kind: "delisting" | "postmaster";
  readonly name: string;
  readonly url: string;
}

export interface AdviseOptions {
  /** Of the recipient's address the note gives only the domain. */
  readonly redact?: boolean | undefined;
}

/** What `advise` reads: a verdict, a row of a batch, or as much of it as is known. */
export interface Advisable {
  readonly kind: Kind;
  readonly category: Category | null;
  readonly reason: Reason | null;
  readonly type?: BounceType | null;
  readonly code?: number | null;
  readonly status?: string | null;
  readonly recipient?: string | null;
  readonly diagnostic?: string;
  readonly remoteHost?: string | null;
  readonly provider?: string | null;
  readonly retryAfter?: number | null;
  readonly because?: readonly Because[];
}

/** A category, as the data has it. */
export interface CategoryInfo {
  readonly id: Category;
  readonly type: BounceType;
  readonly meaning: string;
  /** Other names of the same thing. */
  readonly aliases: readonly string[];
  readonly example: string;
}

/** A reason, as the data has it. */
export interface ReasonInfo {
  readonly id: Reason;
  readonly category: Category;
  readonly type: BounceType;
  readonly fault: Fault;
  /** Seconds after the first failure; empty where time alone does not help. */
  readonly retry: readonly number[];
  /** What a new try waits for. */
  readonly when:
    | "never"
    | "schedule"
    | "after-fix"
    | "after-change"
    | "after-delisting"
    | "next-campaign"
    | "with-permission"
    | "recheck";
  /** A delay that the reply names comes before the schedule. */
  readonly statedDelay: boolean;
  /** How much one such soft bounce counts against the address. */
  readonly strike: number;
  /** What is dead when the bounce is hard. */
  readonly scope: "address" | "domain";
  readonly meaning: string;
  readonly codes: readonly string[];
  readonly example: string;
  readonly help: readonly string[];
}

/** The built-in policies. */
export type PolicyName = "default" | "mailpro" | "five-strikes" | "altcraft";

/** What a policy says about a category or a reason. */
export interface PolicyRule {
  /** In place of the verdict's. */
  readonly type?: BounceType | undefined;
  /** How much one soft bounce counts, 0 to 10. */
  readonly weight?: number | undefined;
  /** Seconds after the first failure, at most 7 of them. */
  readonly retry?: readonly number[] | undefined;
}

/** A policy of one's own. An option that cannot be meant is an error that names it. */
export interface PolicyOptions {
  /** The built-in policy that holds where the options say nothing. */
  readonly base?: PolicyName | undefined;
  /** Its name; "custom" if not given. */
  readonly id?: string | undefined;
  /** Hard by verdict, or by the first digit of the code. */
  readonly hardBy?: "reason" | "code" | undefined;
  /** Below this, 0 to 1 in hundredths, no bounce counts as hard. */
  readonly minConfidence?: number | undefined;
  readonly onHard?: "suppress" | "flag" | undefined;
  readonly onThreshold?: "suppress" | "flag" | undefined;
  /** Strikes at which an address turns hard, 1 to 16; `null` for never. */
  readonly threshold?: number | null | undefined;
  /** Whether a delivery in between takes the strikes back. */
  readonly counting?: "consecutive" | "cumulative" | undefined;
  /** Days after which a strike no longer counts; `null` for never. */
  readonly expiryDays?: number | null | undefined;
  /** At most one strike per recipient and campaign. */
  readonly perCampaign?: boolean | undefined;
  /** Whose faults count. */
  readonly faults?: readonly Fault[] | undefined;
  /** The weight of every soft bounce, in place of the reasons' own. */
  readonly weight?: number | undefined;
  /** The schedule of every reason, in place of the reasons' own. */
  readonly retry?: readonly number[] | undefined;
  /** A delay that the reply names comes before the schedule. */
  readonly statedDelay?: boolean | undefined;
  /** A domain that DNS does not know gets a second look. */
  readonly recheck?: boolean | undefined;
  readonly categories?: { readonly [id in Category]?: PolicyRule } | undefined;
  readonly reasons?: { readonly [id in Reason]?: PolicyRule } | undefined;
}

/** A built-in policy by name, or one's own. */
export type Policy = PolicyName | PolicyOptions;

/** A built-in policy, as the data has it. */
export interface PolicyInfo {
  readonly id: PolicyName;
  /** What it settles, point by point. */
  readonly settles: readonly string[];
  /** The options that would make it. */
  readonly options: PolicyOptions;
}

/** What happened to an address: a verdict, a row of a batch, or an event that no mail tells of. */
export type Happening =
  | Verdict
  | BatchRow
  | { readonly kind: "manual-clear" | "unsubscribe" | "complaint" | "delivered" | "delay" }
  | {
      readonly kind: "bounce";
      readonly type: BounceType;
      readonly reason: Reason;
      readonly confidence?: number | undefined;
      readonly code?: number | null | undefined;
      readonly status?: string | null | undefined;
      readonly retryAfter?: number | null | undefined;
    };

/** What is remembered of an address: versioned, bounded, plain data. To be kept and passed back, not to be read. */
export interface History {
  readonly bouncelens: "history";
  readonly version: number;
  /** The time of the latest bounce that was let go. */
  readonly forgotten?: number;
  readonly marks: readonly (readonly (string | number | null)[])[];
}

/** Keep and retry: the address gets the next campaign. Flag and suppress: it gets no more mail. */
export type Action = "keep" | "retry" | "flag" | "suppress";

/** Why, as a key that does not change. */
export type WhyKey =
  | "complaint"
  | "unsubscribe"
  | "hard-address"
  | "hard-domain"
  | "domain-recheck"
  | "domain-dead"
  | "hard-code"
  | "strikes-full"
  | "retry-strike"
  | "retry-no-strike"
  | "keep-strike"
  | "keep-no-strike"
  | "keep-never"
  | "delayed"
  | "delivered"
  | "clear";

export interface DecideOptions {
  /** "default" if not given. */
  readonly policy?: Policy | undefined;
  /** What the decision before this one gave, for the same address. */
  readonly history?: History | null | undefined;
  /** The campaign or message; without one each bounce is a mail of its own. */
  readonly campaign?: string | null | undefined;
  /** When it happened: a `Date` or epoch milliseconds. */
  readonly now: Date | number;
  /** The language of `why`; "en" if not given. */
  readonly locale?: string | undefined;
}

/** What to do with an address. Plain data. Times are epoch milliseconds. */
export interface Decision {
  readonly action: Action;
  /** Why, in one sentence with the numbers. */
  readonly why: string;
  readonly whyKey: WhyKey;
  /** When this mail is tried again, each later than `now`. */
  readonly retryAt: readonly number[];
  /** Seconds after the first failure, as the policy states them, the reply's own delay first. */
  readonly delays: readonly number[];
  /** The strikes so far, and at how many the address turns hard; `null` for never. */
  readonly strikes: { readonly count: number; readonly of: number | null };
  /** What is flagged or suppressed. */
  readonly scope: "address" | "domain";
  readonly since: number | null;
  /** Until when it is flagged or suppressed; `null` for ever. */
  readonly until: number | null;
  /** The bounce that it rests on. */
  readonly evidence: {
    readonly type: BounceType;
    readonly reason: Reason;
    readonly confidence: number;
    readonly code: number | null;
    readonly status: string | null;
  } | null;
  /** To be passed in next time. */
  readonly history: History;
}

/** What happened to which address, and when. */
export interface LedgerEvent {
  readonly address: string;
  readonly verdict: Happening;
  readonly time: Date | number;
  readonly campaign?: string | null | undefined;
}

/** The state of a ledger as plain data. */
export interface LedgerState {
  readonly bouncelens: "ledger";
  readonly version: number;
  readonly addresses: { readonly [address: string]: Omit<History, "bouncelens" | "version"> };
}

/** The histories of many addresses. */
export interface Ledger {
  /** Adds one event or many; order, chunks and duplicates do not matter. */
  record(events: LedgerEvent | Iterable<LedgerEvent>): this;
  /** What to do with an address as it stands. Its domain counts where two of its addresses showed that it is dead. */
  decision(address: string, options: { readonly now: Date | number; readonly locale?: string | undefined }): Decision;
  /** Every address that gets no more mail, and every domain that is dead. */
  suppressed(options: { readonly now: Date | number }): SuppressionEntry[];
  /** Judges by another policy from now on. */
  setPolicy(policy: Policy): this;
  merge(other: Ledger): this;
  toJSON(): LedgerState;
  /** Adds what a kept state knows. */
  fromJSON(state: LedgerState): this;
  /** Addresses and domains. */
  readonly size: number;
  /** Bytes. */
  readonly memory: number;
  /** Gives its memory back at once; otherwise this happens some time after nobody holds it. */
  free(): void;
}

/** What became of addresses under several policies. */
export interface Replay {
  readonly policies: readonly string[];
  readonly addresses: number;
  /** How many addresses each policy stops. */
  readonly stopped: readonly number[];
  /** The addresses that at least one policy stops, sorted. */
  readonly outcomes: readonly {
    readonly address: string;
    /** Whether the policies disagree about the action or the time. */
    readonly differs: boolean;
    /** By policy; `null` where the address gets mail at the end. */
    readonly stops: readonly ({ readonly time: number; readonly action: "flag" | "suppress"; readonly why: WhyKey } | null)[];
  }[];
}

/** One address or domain that gets no more mail. */
export interface SuppressionEntry {
  /** The normalised address, `@example.com` for a domain, or a hash of either. */
  readonly address: string;
  readonly scope?: "address" | "domain" | undefined;
  /** A reason, "soft-bounces", "complaint", "unsubscribe", or what another system wrote. */
  readonly reason?: string | undefined;
  readonly since?: number | null | undefined;
  readonly until?: number | null | undefined;
  readonly policy?: string | undefined;
  readonly evidence?: string | undefined;
}

/** What the rows of a report are grouped by. */
export type ReportField =
  | "from-domain"
  | "recipient-domain"
  | "sending-ip"
  | "provider"
  | "campaign"
  | "day"
  | "category"
  | "reason"
  | "bounce-text";

export interface ReportOptions {
  /** Nothing gives one group. */
  readonly groupBy?: readonly ReportField[] | undefined;
  /** The beginning of the period. */
  readonly from?: Date | number | undefined;
  /** The moment after its end. */
  readonly until?: Date | number | undefined;
  /** The one campaign; all if not given. */
  readonly campaign?: string | undefined;
}

/** What a report can be told of one try of one mail. */
export interface ReportFields {
  readonly kind: Kind;
  readonly type?: BounceType | null | undefined;
  readonly reason?: Reason | null | undefined;
  readonly time?: Date | number | null | undefined;
  readonly fromDomain?: string | null | undefined;
  readonly recipient?: string | null | undefined;
  readonly sendingIp?: string | null | undefined;
  readonly provider?: string | null | undefined;
  readonly campaign?: string | null | undefined;
  /** The message's id: tries of one message to one recipient belong together. */
  readonly message?: string | null | undefined;
  /** The reply. */
  readonly text?: string | null | undefined;
}

/** Fields by name, a verdict, a row of a batch, or a record of `explain` with whatever one knows better. */
export type ReportRow =
  | ReportFields
  | Verdict
  | BatchRow
  | (Partial<ReportFields> & { readonly verdict: Verdict; readonly notice?: Notice | undefined });

export interface ReportCounts {
  /** Failed tries, every try of one message included. */
  readonly amount: number;
  readonly hard: number;
  /** Delays included. */
  readonly soft: number;
  /** Messages that were not delivered the first time; each counts where it failed first. */
  readonly first: number;
  /** Messages that failed for good; each counts where it failed last. */
  readonly final: number;
  /** Messages that were delivered after all; each counts where it failed first. */
  readonly deliveredLater: number;
}

export interface ReportLine extends ReportCounts {
  /** In the order of the fields; empty where it is not known. */
  readonly keys: readonly string[];
  /** One of the texts in full. */
  readonly example: string;
}

/** Exact counts of bounces. */
export interface Report {
  readonly fields: readonly ReportField[];
  /** The greatest amount first. */
  readonly lines: readonly ReportLine[];
  readonly total: ReportCounts;
  /** Rows that a period left out because they have no time. */
  readonly undated: number;
  add(rows: ReportRow | Iterable<ReportRow>): this;
  merge(other: Report): this;
  /** CSV with a header; cells that a spreadsheet would run as a formula are neutralised. */
  toCSV(): string;
  /**
   * The bytes of a workbook for Excel, the same in browsers and elsewhere: `new Blob([bytes])`, `writeFile(path, bytes)`.
   * Numbers and days are typed, the first row is frozen and filters; cells that would be run as a formula are
   * neutralised. What writes it is loaded when it is first asked for; where that fails, `xlsx-unavailable`.
   */
  toXLSX(): Promise<Bytes>;
  toJSON(): {
    readonly fields: readonly ReportField[];
    readonly lines: readonly ReportLine[];
    readonly total: ReportCounts;
    readonly undated: number;
  };
  /** Gives its memory back at once; otherwise this happens some time after nobody holds it. */
  free(): void;
}

/** A `Uint8Array` on a buffer that is not shared, in the words of any TypeScript. */
type Bytes = ReturnType<typeof Uint8Array.of>;

/** The `code` of an error that this package throws. */
export type ErrorCode =
  | "not-initialised"
  | "init-failed"
  | "input-too-large"
  | "bad-input"
  | "unknown-option"
  | "bad-option"
  | "bad-rule"
  | "unknown-locale"
  | "bad-policy"
  | "unknown-policy"
  | "bad-history"
  | "future-history"
  | "bad-event"
  | "bad-time"
  | "bad-list"
  | "bad-report"
  | "xlsx-unavailable"
  | "record-too-long"
  | "worker-failed"
  | "worker-died"
  | "pool-closed"
  | "internal";

/** An error of this package: a plain `Error` with a code. */
export interface BouncelensError extends Error {
  readonly code: ErrorCode;
}

// The shapes below stand for types of the DOM library, which need not be there.

interface UrlLike {
  readonly href: string;
}

interface ResponseLike {
  readonly ok: boolean;
  arrayBuffer(): Promise<ArrayBuffer>;
}

type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } }
  ? Module & object
  : never;

/** Where the wasm is: an address, a response, its bytes, or the compiled module. */
export type WasmSource = string | UrlLike | ResponseLike | Uint8Array | ArrayBuffer | WasmModule;

export interface InitOptions {
  /**
   * Where desk.wasm is, which decisions, ledgers, reports and suppression lists need; `false`: do not load it.
   * Without it: the package's own where no other source is given, otherwise none.
   */
  readonly desk?: boolean | WasmSource | Promise<WasmSource> | undefined;
}
