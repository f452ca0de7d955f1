// What a report is told of one record. It keeps no more of it than the report needs.

import { when } from "./when.js";

const same = (text) => text;

/** `null` for what a server refused itself: that is somebody else's bounce. */
export function rowOf({ notice, verdict }, { near, once = same } = {}) {
  if (notice.notes.some((note) => note.startsWith("inbound"))) return null;
  const kept = (text) => (text === null || text === "" ? null : once(text));
  return {
    kind: verdict.kind,
    type: verdict.type,
    reason: verdict.reason,
    confidence: verdict.confidence,
    code: verdict.code,
    time: when(notice.time, near === undefined ? undefined : Number(near)),
    fromDomain: kept(domain(notice.sender)),
    recipient: verdict.recipient,
    sendingIp: kept(notice.sendingIp),
    provider: verdict.provider,
    campaign: kept(notice.campaign),
    message: notice.messageId ?? notice.queueId,
    text: kept(verdict.diagnostic),
  };
}

const domain = (address) => (address ? address.slice(address.lastIndexOf("@") + 1).toLowerCase() || null : null);

/** A text without anything to read gives one record that says so; it is none. */
export const isNothing = ({ notice, verdict }) =>
  verdict.kind === "unrelated" && verdict.recipient === null && notice.reply === "" && notice.notes.length > 0;
