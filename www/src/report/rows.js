// What a report is told of one record. It keeps no more of it than the report needs.

import { when } from "./when.js";

/**
 * @typedef {import("bouncelens").ReportFields & { kind: string }} Row
 * @param {{ notice: import("bouncelens").Notice, verdict: import("bouncelens").Verdict }} record
 * @param {number} near when the file was last changed
 * @param {(text: string | null) => string | null} once gives the same string for equal ones, so that memory holds it once
 * @returns {Row}
 */
export function rowOf({ notice, verdict }, near, once) {
  return {
    kind: kindOf(notice, verdict),
    type: verdict.type,
    reason: verdict.reason,
    confidence: verdict.confidence,
    code: verdict.code,
    time: when(notice.time, near),
    fromDomain: once(domain(notice.sender)),
    recipient: verdict.recipient,
    sendingIp: once(notice.sendingIp),
    provider: verdict.provider,
    campaign: once(notice.campaign),
    message: notice.messageId ?? notice.queueId,
    text: once(verdict.diagnostic),
  };
}

/** What a server refused itself is somebody else's bounce. */
const kindOf = (notice, verdict) =>
  notice.notes.some((note) => note.startsWith("inbound")) ? "inbound" : verdict.kind;

const domain = (address) => (address ? address.slice(address.lastIndexOf("@") + 1).toLowerCase() || null : null);

/** A file without anything to read gives one record that says so; it is none. */
export const isNothing = ({ notice, verdict }) =>
  verdict.kind === "unrelated" && verdict.recipient === null && notice.reply === "" && notice.notes.length > 0;

/** Kinds that a report counts. */
export const COUNTED = ["bounce", "delay"];
