// The page in a real browser, as a reader uses it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readdir, readFile } from "node:fs/promises";
import { assertNoEnglish, axe, onPage as openPage, withAxe } from "./harness.mjs";

const GREYLISTED = "450 <<EMAIL>>: Sender address rejected: Greylisted for 120 seconds! Please, see <URL>";
const UNKNOWN = "550 5.1.1 <a@example.com>: Recipient address rejected: User unknown in virtual mailbox table";

/** Opens the page and hands over what a test needs. */
const onPage = (use, options) => openPage((page, baseUrl) => use(reader(page), page, baseUrl), options);

/** What can be read off the page. */
function reader(page) {
  const field = (name) => page.locator(`.verdict [data-field="${name}"]`);
  return {
    field: async (name) => (await field(name).textContent()).trim(),
    badge: async () => (await page.locator(".verdict .badge").textContent()).trim(),
    async paste(text) {
      await page.locator("#paste").fill(text);
      await page.locator(".verdict h2").waitFor();
    },
  };
}

test("every language has every string, with the same placeholders, and no string is missing", async () => {
  const source = new URL("../../www/src/", import.meta.url);
  const strings = {};
  for (const name of await readdir(new URL("strings/", source))) {
    strings[name] = JSON.parse(await readFile(new URL(`strings/${name}`, source), "utf8"));
  }
  const placeholders = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
  for (const [name, own] of Object.entries(strings)) {
    assert.deepEqual(Object.keys(own), Object.keys(strings["en.json"]), name);
    for (const [key, text] of Object.entries(own)) {
      if (key.endsWith(".one")) continue; // "and another": a count of one need not be written as a number
      assert.deepEqual(placeholders(text), placeholders(strings["en.json"][key]), `${name}: ${key}`);
    }
  }
  // A sentence that is the same in two languages was not translated; the sample reply is no sentence.
  for (const [key, english] of Object.entries(strings["en.json"])) {
    if (key === "paste.placeholder" || (english.match(/\p{L}{2,}/gu) ?? []).length < 3) continue;
    for (const [name, own] of Object.entries(strings)) {
      if (name !== "en.json") assert.notEqual(own[key], english, `${name}: ${key} is not translated`);
    }
  }
  const known = Object.keys(strings["en.json"]);
  for (const folder of ["", "panels/"]) {
    for (const name of (await readdir(new URL(folder, source))).filter((each) => each.endsWith(".js"))) {
      const code = await readFile(new URL(folder + name, source), "utf8");
      for (const [, key] of code.matchAll(/\bt\(\s*"([\w.-]+)"/g)) {
        assert.ok(known.includes(key) || known.includes(`${key}.other`), `${name} uses ${key}`);
      }
    }
  }
});

test(
  "a pasted reply shows its category and whether it is hard",
  onPage(async (read) => {
    await read.paste(UNKNOWN);
    assert.equal(await read.field("reason"), "user-unknown");
    assert.equal(await read.field("category"), "Email Address Does Not Exist");
    assert.equal(await read.badge(), "Hard bounce");
  }),
);

test(
  "the paste box has the focus, and what is typed is read at once",
  onPage(async (read, page) => {
    await page.locator(".verdict.is-empty").waitFor();
    await page.keyboard.type("452 4.2.2 mailbox full");
    await page.locator(".verdict h2").waitFor();
    await page.waitForFunction(() => document.querySelector('[data-field="reason"]')?.textContent === "mailbox-full");
    assert.equal(await read.badge(), "Soft bounce");
  }),
);

test(
  "a greylisting that states its delay shows 120 s",
  onPage(async (read, page) => {
    await read.paste(GREYLISTED);
    assert.equal(await read.field("reason"), "greylisted");
    const retry = page.locator('[data-fact="retry"]');
    assert.equal(await retry.locator(".fact-value").textContent(), "120 s");
    assert.match(await retry.textContent(), /2 minutes/);
  }),
);

test(
  "every example opens by its own link and is read as a failed delivery",
  onPage(async (read, page, baseUrl) => {
    const links = await page
      .locator("[data-example]")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    assert.ok(links.length >= 12, `${links.length} examples`);
    for (const link of links) {
      await page.goto("about:blank");
      await page.goto(new URL(link, baseUrl).href);
      await page.locator(".verdict h2").waitFor();
      assert.match(await read.badge(), /^(Hard|Soft) bounce$/, link);
      assert.notEqual(await read.field("category"), "Other", link);
      assert.ok((await page.locator(".evidence .because li").count()) > 0, `${link} shows its evidence`);
    }
  }),
);

test(
  "of a log that begins with deliveries the first failure is shown, also far down",
  onPage(async (read, page) => {
    const line = (n, dsn, status) =>
      `May  4 07:10:00 mx1 postfix/smtp[10]: 4VB${n}Q: to=<u${n}@example.com>, relay=mx.example.com[192.0.2.1]:25, dsn=${dsn}, status=${status}`;
    for (const before of [30, 230]) {
      const log = Array.from({ length: before }, (_, n) => line(n, "2.0.0", "sent (250 2.0.0 OK)"));
      await read.paste([...log, line(before, "5.1.1", "bounced (host mx.example.com[192.0.2.1] said: 550 5.1.1 User unknown)")].join("\n"));
      await page.waitForFunction((name) => document.querySelector(".records [aria-selected=true]")?.textContent.includes(name), `u${before}@`);
      assert.equal(await read.field("reason"), "user-unknown");
      const seen = await page.locator(".records [aria-selected=true]").evaluate((chosen) => {
        const [inner, outer] = [chosen, chosen.parentElement].map((each) => each.getBoundingClientRect());
        return inner.top >= outer.top && inner.bottom <= outer.bottom;
      });
      assert.ok(seen, `record ${before} is in sight`);
    }
  }),
);

test(
  "a long text without marks is shown around its record",
  onPage(async (read, page) => {
    const line = (n) => `May  4 07:10:00 mx1 postfix/smtp[10]: 4VB${n}Q: to=<u${n}@example.com>, relay=mx.example.com[192.0.2.1]:25, dsn=2.0.0, status=sent (250 2.0.0 OK)`;
    await read.paste(Array.from({ length: 100 }, (_, n) => line(n)).join("\n"));
    await page.locator(".records [role=option]").nth(40).click();
    assert.match(await page.locator(".quote").textContent(), /u40@example\.com/);
  }),
);

test(
  "a provider's meaning of a code stands before the registry's",
  onPage(async (read, page) => {
    const meaning = page.locator('[data-fact="status"] .fact-more');
    await read.paste("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@example.com not found by SMTP address lookup");
    assert.equal(await meaning.textContent(), "Not in the recipient's directory");
    await page.locator("#paste").fill("550 5.1.1 User unknown");
    await page.waitForFunction(() => document.querySelector('[data-fact="status"] .fact-value').textContent === "5.1.1");
    assert.match(await meaning.textContent(), /mailbox does not exist/);
  }),
);

test(
  "a file that is no text is not shown as one: the report says why",
  onPage(async (_, page) => {
    const buffer = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);
    await page.locator("#file").setInputFiles({ name: "bounce.msg", mimeType: "application/vnd.ms-outlook", buffer });
    await page.getByText("A msg file is no text: export it as .eml, .mbox or .csv.").waitFor();
    assert.equal(await page.locator("#paste").inputValue(), "");
  }),
);

test(
  "a file in UTF-16 is read",
  onPage(async (read, page) => {
    const buffer = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from("550 5.1.1 <jörg@example.com>: User unknown", "utf16le")]);
    await page.locator("#file").setInputFiles({ name: "reply.txt", mimeType: "text/plain", buffer });
    await page.locator(".verdict h2").waitFor();
    assert.equal(await read.field("reason"), "user-unknown");
    assert.match(await page.locator("#paste").inputValue(), /jörg/);
  }),
);

test(
  "a page in another language does not begin in English and then move",
  onPage(
    async (read, page) => {
      await page.waitForFunction(() => document.documentElement.lang === "de" && !document.documentElement.dataset.words);
      await page.waitForTimeout(300);
      assert.equal(await page.evaluate(() => document.activeElement.id), "paste");
      const moved = await page.evaluate(() => globalThis.shifts.reduce((sum, { value }) => sum + value, 0));
      assert.ok(moved < 0.01, `moved by ${moved}`);
    },
    {
      context: { viewport: { width: 320, height: 740 }, locale: "de" },
      prepare: (page) =>
        page.addInitScript(() => {
          globalThis.shifts = [];
          new PerformanceObserver((list) => globalThis.shifts.push(...list.getEntries())).observe({ type: "layout-shift", buffered: true });
        }),
    },
  ),
);

for (const reducedMotion of ["no-preference", "reduce"]) {
  test(
    `the page appears where its words do not come, motion: ${reducedMotion}`,
    onPage(
      async (_, page) => {
        await page.waitForFunction(() => document.documentElement.dataset.words && getComputedStyle(document.body).opacity === "1");
        assert.match(await page.locator("h1").textContent(), /bounce/);
      },
      {
        context: { locale: "de", reducedMotion },
        prepare: (page) => page.route("**/assets/*.js", (route) => route.abort()),
        faults: [/ERR_FAILED/],
      },
    ),
  );
}

test(
  "several replies give several verdicts, and arrow keys choose between them",
  onPage(
    async (read, page) => {
      const records = page.locator(".records [role=option]");
      await records.first().waitFor();
      assert.equal(await records.count(), 3);
      const first = await read.field("reason");
      await records.first().focus();
      await page.keyboard.press("ArrowDown");
      await page.waitForFunction(() => document.activeElement?.getAttribute("aria-selected") === "true");
      assert.equal(await records.nth(1).getAttribute("aria-selected"), "true");
      assert.notEqual(await read.field("reason"), first);
    },
    { hash: "#example=several" },
  ),
);

test(
  "the words that were evidence are marked, and a mark tells its rule on focus and on hover",
  onPage(async (read, page) => {
    await read.paste(UNKNOWN);
    const mark = page.locator("mark", { hasText: /unknown/i }).first();
    assert.match(
      await page.locator(".quote").textContent(),
      /^550 5\.1\.1 <a@example\.com>: Recipient address rejected: User unknown/,
    );
    const tip = page.locator("#tip");
    assert.equal(await tip.isVisible(), false);
    await mark.focus();
    assert.match(await tip.textContent(), /bad-mailbox\//);
    await page.keyboard.press("Escape");
    assert.equal(await tip.isVisible(), false);
    await mark.hover();
    assert.equal(await tip.isVisible(), true);
  }),
);

test(
  "each policy says what it does with the address, and soft bounces before count",
  onPage(async (read, page) => {
    await read.paste("452 4.2.2 mailbox full");
    const policies = page.locator(".policy");
    await policies.first().waitFor();
    assert.deepEqual(await policies.evaluateAll((all) => all.map((each) => each.dataset.policy)), [
      "default",
      "mailpro",
      "five-strikes",
      "altcraft",
    ]);
    const action = async (id) => (await page.locator(`[data-policy="${id}"] .action`).textContent()).trim();
    assert.equal(await action("five-strikes"), "Try again");
    assert.match(
      await policies.nth(0).textContent(),
      /First of five soft bounces.*1 hour, 4 hours, 1 day, and 3 days.*1 of 5 strikes/s,
    );
    await page.locator("#soft-before").fill("4");
    await page.waitForFunction(
      () => document.querySelector('[data-policy="five-strikes"] .action').textContent === "Flag",
    );
    assert.equal(await action("default"), "Suppress");
    assert.equal(await action("mailpro"), "Try again");
    assert.match(await policies.nth(0).textContent(), /Five soft bounces that count.*Until \w+ \d+, \d{4}/s);
    assert.match(
      await page.locator(".decisions [role=status]").textContent(),
      /Default: Suppress\..*Altcraft: Try again\./,
    );
    // The sender is to blame: the default spares the contact, the first digit of the code does not.
    await page
      .locator("#paste")
      .fill("554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org");
    await page.waitForFunction(() => document.querySelector('[data-field="reason"]').textContent === "ip-blocklisted");
    assert.equal(await action("default"), "Keep");
    assert.equal(await action("altcraft"), "Suppress");
    await page.locator("#soft-before").fill("99");
    await page.locator("#paste").focus();
    assert.equal(await page.locator("#soft-before").inputValue(), "20");
    await page.locator("#paste").fill("Subject: hello\n\nhow are you");
    await page.waitForFunction(() => document.querySelector(".decisions").hidden);
  }),
);

test(
  "the note to the postmaster names the recipient, or not, as the reader wishes",
  onPage(async (read, page) => {
    await read.paste(
      "550 5.7.1 <ann@example.com>: Recipient address rejected: Access denied by policy of this company",
    );
    await page.locator("#tab-note").click();
    const note = page.locator(".note");
    assert.match(await note.textContent(), /ann@example\.com/);
    await page.getByLabel("Hide the recipient’s address").check();
    assert.doesNotMatch(await note.textContent(), /ann@/);
    assert.match(await note.textContent(), /example\.com/);
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.getByRole("button", { name: "Copy the note" }).click();
    await page.getByText("Copied").waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await note.textContent());
  }),
);

test(
  "a text travels in a link, without names unless the reader wants them, and opens again",
  onPage(async (read, page, baseUrl) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await read.paste(UNKNOWN);
    await page.getByText("Share a link").click();
    const preview = page.locator(".share-link .preview");
    assert.match(await preview.textContent(), /<someone@example\.com>: Recipient address rejected/);
    const copy = async () => {
      await page.locator(".share-link .is-done").waitFor({ state: "detached" });
      await page.getByRole("button", { name: /Copy the link|Copied/ }).click();
      await page.locator(".share-link .is-done").waitFor();
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const address = await copy();
    assert.ok(address.startsWith(`${baseUrl}#text=`), address);
    await page.getByLabel("Hide the names in addresses").uncheck();
    await page.waitForFunction(() =>
      document.querySelector(".share-link .preview").textContent.includes("<a@example.com>"),
    );
    for (const [link, text] of [
      [address, UNKNOWN.replace("a@", "someone@")],
      [`${baseUrl}#example=policy`, null],
      [await copy(), UNKNOWN],
    ]) {
      await page.goto("about:blank");
      await page.goto(link);
      await page.locator(".verdict h2").waitFor();
      if (text) {
        assert.equal(await page.locator("#paste").inputValue(), text);
        assert.equal(await read.field("reason"), "user-unknown");
      }
    }
    await page.locator("#paste").press("End");
    await page.keyboard.type(" x");
    await page.waitForFunction(() => location.hash === "");
    for (const broken of ["#text=%", "#text=AAAA", "#text=!!"]) {
      await page.goto("about:blank");
      await page.goto(baseUrl + broken);
      await page.locator(".verdict.is-empty").waitFor();
    }
  }),
);

test(
  "what hard and soft mean, and the five general tips, stand beside the verdict",
  onPage(async (read, page) => {
    await read.paste(UNKNOWN);
    const applies = await page.locator(".comparison tbody .applies").allTextContents();
    assert.match(applies.join("|"), /^Permanent problem.*\|Cannot be retried\|Remove the address/);
    const tips = page.locator(".tips li");
    assert.equal(await tips.count(), 5);
    assert.equal(await tips.first().isVisible(), false);
    await page.getByText("Five habits that prevent bounces").click();
    assert.match(await tips.first().textContent(), /SPF, DKIM and DMARC/);
    assert.equal(await tips.first().isVisible(), true);
  }),
);

test(
  "pasted HTML stays text",
  onPage(async (read, page) => {
    await read.paste(
      `550 5.1.1 <img src=x onerror="globalThis.hacked=1">@example.com User unknown <script>globalThis.hacked=1</script>`,
    );
    await page.waitForTimeout(100);
    assert.equal(await page.locator("main img, main script").count(), 0);
    assert.equal(await page.evaluate(() => globalThis.hacked), undefined);
    assert.match(await page.locator(".quote").textContent(), /<img src=x onerror/);
  }),
);

test(
  "in Italian page and advice are Italian, and the choice is remembered",
  onPage(async (read, page) => {
    await read.paste(UNKNOWN);
    const english = await page.locator(".steps li").first().textContent();
    await page.locator("#language").selectOption("it");
    await page.waitForFunction(() => document.documentElement.lang === "it");
    assert.equal(await page.locator("#advice-title").textContent(), "Che cosa fare");
    const italian = await page.locator(".steps li").first().textContent();
    assert.notEqual(italian, english);
    assert.match(italian, /indirizz/);
    await page.reload();
    await page.waitForFunction(() => document.documentElement.lang === "it");
  }),
);

for (const locale of ["it", "de", "fr", "es"]) {
  test(
    `no sentence is left in English: ${locale}`,
    onPage(
      async (read, page) => {
        await page.locator("#language").selectOption(locale);
        await page.waitForFunction((lang) => document.documentElement.lang === lang, locale);
        await page.locator(".tips summary").click();
        await page.locator("#tab-administrator").click();
        await page.locator("#soft-before").fill("2");
        await assertNoEnglish(page, locale);
        const policies = await page.locator(".policy").first().textContent();
        assert.doesNotMatch(policies, /turns hard|will be tried|Tried again/, policies);
        await page.locator('[data-view="reference"]').click();
        await page.locator(".ref-category").first().waitFor();
        await assertNoEnglish(page, locale);
      },
      { hash: "#example=full-mailbox" },
    ),
  );
}

test(
  "everything can be reached and used by keyboard alone",
  onPage(async (read, page) => {
    await page.waitForFunction(() => document.activeElement?.id === "paste");
    await page.keyboard.insertText(UNKNOWN);
    await page.locator(".verdict h2").waitFor();
    const seen = [];
    for (let step = 0; step < 60; step += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const { outlineStyle } = getComputedStyle(element);
        return {
          what: element.id || element.dataset.example || element.tagName,
          role: element.getAttribute("role"),
          outlined: outlineStyle !== "none" || element.type === "file",
        };
      });
      if (at === null) break;
      assert.ok(at.outlined, `${at.what} shows that it has the focus`);
      seen.push(at.role ?? at.what);
      if (at.role === "tab") {
        await page.keyboard.press("ArrowRight");
        assert.equal(await page.evaluate(() => document.activeElement.id), "tab-administrator");
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute("aria-selected")), "true");
      }
    }
    for (const what of ["file", "clear", "tab", "tabpanel", "button", "greylisting"]) {
      assert.ok(seen.includes(what), `${what} is reached; seen: ${seen.join(" ")}`);
    }
  }),
);

test(
  "a verdict is told to screen readers once it has settled, and not on every key",
  onPage(async (read, page) => {
    await page.evaluate(() => {
      globalThis.told = [];
      new MutationObserver(() => globalThis.told.push(document.getElementById("announcer").textContent)).observe(
        document.getElementById("announcer"),
        { childList: true, subtree: true, characterData: true },
      );
    });
    await page.locator("#paste").fill("550 5.1.1 User unknown");
    await page.waitForFunction(() => globalThis.told.length > 0);
    await page.keyboard.type(" here");
    await page.waitForTimeout(1000);
    const told = await page.evaluate(() => globalThis.told);
    assert.equal(told.length, 1, told.join(" | "));
    assert.match(told[0], /Hard bounce/);
  }),
);

test(
  "a file is read by opening it",
  onPage(async (read, page) => {
    await page
      .locator("#file")
      .setInputFiles({ name: "bounce.eml", mimeType: "message/rfc822", buffer: Buffer.from(UNKNOWN) });
    await page.locator(".verdict h2").waitFor();
    assert.equal(await read.field("reason"), "user-unknown");
    assert.equal(await page.locator("#paste-note").textContent(), "bounce.eml");
  }),
);

test(
  "a long file is read whole, and the box stays quick by showing its beginning",
  onPage(async (read, page) => {
    const buffer = Buffer.from(`${UNKNOWN}\n${"nothing to see here\n".repeat(40_000)}`);
    await page.locator("#file").setInputFiles({ name: "mail.log", mimeType: "text/plain", buffer });
    await page.locator(".verdict h2").waitFor();
    assert.equal(await read.field("reason"), "user-unknown");
    assert.ok((await page.locator("#paste").inputValue()).length < 10_000);
    await page.locator("#clear").click();
    await page.keyboard.type(GREYLISTED);
    await page.waitForFunction(() => document.querySelector('[data-field="reason"]')?.textContent === "greylisted");
  }),
);

test(
  "the reference lists every category, and an entry opens its example",
  onPage(
    async (read, page) => {
      await page.locator(".ref-category").first().waitFor();
      assert.equal(await page.locator(".ref-category").count(), 18);
      await page.locator('a[href="#reason=mailbox-full"]').click();
      await page.locator(".verdict h2").waitFor();
      assert.equal(await read.field("reason"), "mailbox-full");
      assert.equal(await page.evaluate(() => window.scrollY), 0);
      assert.match(await page.title(), /^.+ · bouncelens$/);
      await page.goBack();
      await page.locator(".ref-category").first().waitFor();
      assert.ok((await page.evaluate(() => window.scrollY)) > 0, "back where the reader was");
    },
    { hash: "#reference" },
  ),
);

test(
  "what cannot be read gets an answer all the same",
  onPage(async (read, page) => {
    for (const text of ["hello", "\u0000\u0001\ud800", "x".repeat(300_000), "🙂"]) {
      await page.locator("#paste").fill(text);
      await page.locator(".verdict h2").waitFor();
      assert.equal(await page.locator(".trouble").isVisible(), false);
      await page.locator("#clear").click();
      await page.locator(".verdict.is-empty").waitFor();
    }
  }),
);

for (const width of [320, 360, 768, 1440]) {
  test(
    `nothing needs scrolling sideways at ${width} px`,
    onPage(
      async (read, page) => {
        await page.setViewportSize({ width, height: 800 });
        await page.locator(".verdict h2").waitFor();
        for (const locale of ["en", "de", "fr"]) {
          await page.locator("#language").selectOption(locale);
          await page.waitForFunction((lang) => document.documentElement.lang === lang, locale);
          assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `read, ${locale}`);
        }
        await page.locator('[data-view="reference"]').click();
        await page.locator(".ref-category").first().waitFor();
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, "reference");
      },
      { hash: "#example=several" },
    ),
  );
}

for (const scheme of ["light", "dark"]) {
  for (const hash of ["", "#example=several", "#example=authentication", "#reference"]) {
    test(
      `axe finds nothing: ${scheme}, ${hash || "empty"}`,
      onPage(
        async (read, page) => {
          await page
            .locator(hash === "#reference" ? ".ref-category >> nth=0" : hash ? ".verdict h2" : ".verdict.is-empty")
            .waitFor();
          await page.waitForTimeout(250);
          assert.deepEqual(await axe(page), []);
        },
        {
          hash,
          async prepare(page) {
            await page.emulateMedia({ colorScheme: scheme });
            await withAxe(page);
          },
        },
      ),
    );
  }
}
