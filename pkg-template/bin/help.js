export const HELP = `Reads bounce messages: why a mail was not delivered, hard or soft, whose fault it is.

  bouncelens [OPTION]… [FILE]…           what each record says
  bouncelens report [OPTION]… [FILE]…    how many bounced, by what
  bouncelens replay [OPTION]… [FILE]…    whom each policy would stop, and when
  bouncelens explain [OPTION]… [FILE]…   every stage of the reading, for people

A FILE is a reply, mail, mailbox, log, table or list of events, also as .gz, or a folder of them;
none, or -, is the standard input. Nothing leaves this machine.

What to read
  --form FORM        read all as smtp, dsn, ndr, arf, mail, webhook, log or csv
  --lines            every line is a text of its own
  --rules FILE       rules of your own, which decide before ours: JSON, a list of
                     {"id": "acme/closed", "pattern": "closed by acme", "reason": "mailbox-disabled"}

What to put out
  --json             JSON: a line for each record; of a report or replay, one line
  --csv              CSV with a header
  --xlsx FILE        a workbook for Excel (not of explain)
  --locale LOCALE    the language of advice: de, en, es, fr, it; from the environment if not given
  --top N            so many lines of a table of report and replay; 40 if not given, 0 for all

What to decide
  --policy POLICY    default, mailpro, five-strikes, altcraft, or a file of JSON with a policy of your
                     own. With it each record gets a decision; replay takes several, and all four if
                     none is given

What to count, for report
  --group-by LIST    of from-domain, recipient-domain, sending-ip, provider, campaign, day, category,
                     reason, bounce-text; from-domain,bounce-text if not given
  --from DAY         the first day, such as 2026-05-01, or a moment in ISO 8601; days are UTC
  --until DAY        the last day, or the moment after the end
  --campaign NAME    the one campaign

  --help, --version

Exit codes: 0 all was read; 1 a file was not read, or not to its end (the others were); 2 an option or
its value is wrong; 3 the output could not be written. Colours: on a terminal, without NO_COLOR.
`;
