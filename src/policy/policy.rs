//! A policy: what turns an address hard, what counts, and when a mail is tried again.

use super::history::CAMPAIGNS;
use super::json::Json;
use super::table::{self, CATEGORIES, PRESETS, REASONS, ReasonRow};
use crate::error::{Error, ErrorKind};
use crate::types::{BounceType, Fault};
use std::sync::OnceLock;

/// How a reply is found to be hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HardBy {
    /// By its verdict: category and reason.
    Reason,
    /// By the first digit of its code; by its verdict where it has none.
    Code,
}

/// What is done with an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Action {
    /// It gets the next campaign.
    Keep,
    /// This mail is tried again.
    Retry,
    /// It stays in the list, marked, and gets no more mail.
    Flag,
    /// It comes off the list.
    Suppress,
}

impl Action {
    /// The name outside of Rust.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Keep => "keep",
            Action::Retry => "retry",
            Action::Flag => "flag",
            Action::Suppress => "suppress",
        }
    }

    /// Whether the address gets no more mail.
    pub fn stops(self) -> bool {
        self >= Action::Flag
    }
}

/// What a policy makes of one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Treatment {
    /// In place of the verdict's.
    pub bounce_type: Option<BounceType>,
    pub weight: u8,
    pub retry: Vec<u32>,
}

/// A policy. `data/policies.toml` says what each built-in one settles, and what each field means.
///
/// ```
/// use bouncelens::policy::Policy;
/// let policy = Policy::named("five-strikes")?;
/// assert_eq!(policy.threshold(), Some(5));
/// let own = Policy::from_json(r#"{"base":"default","threshold":3,"reasons":{"mailbox-full":{"weight":2}}}"#)?;
/// assert_eq!((own.id(), own.threshold()), ("custom", Some(3)));
/// # Ok::<(), bouncelens::error::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a point of its own on which policies differ")]
pub struct Policy {
    pub(super) id: String,
    pub(super) hard_by: HardBy,
    pub(super) min_confidence: u8,
    pub(super) on_hard: Action,
    pub(super) on_threshold: Action,
    pub(super) threshold: Option<u16>,
    pub(super) consecutive: bool,
    pub(super) expiry_days: Option<u32>,
    pub(super) per_campaign: bool,
    pub(super) stated_delay: bool,
    pub(super) recheck: bool,
    /// By the numbers of the reasons.
    pub(super) treatments: Vec<Treatment>,
}

/// A history keeps eight tries of a mail, so a schedule has seven new ones at most.
const MOST_RETRIES: usize = 7;
/// Longer delays are a mistake: no mail is of use after a month.
const LONGEST_DELAY: u32 = 30 * 86_400;
const LONGEST_EXPIRY: u32 = 3_650;
const KEYS: [&str; 16] = [
    "base",
    "id",
    "hardBy",
    "minConfidence",
    "onHard",
    "onThreshold",
    "threshold",
    "counting",
    "expiryDays",
    "perCampaign",
    "faults",
    "weight",
    "retry",
    "statedDelay",
    "recheck",
    "categories",
];

#[cold]
#[inline(never)]
fn bad(message: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::BadPolicy, format!("policy: {message}"))
}

#[cold]
#[inline(never)]
fn must(field: &str, be: &str, is: &Json) -> Error {
    bad(&format_args!("`{field}` must be {be}, not {}", is.shown()))
}

impl Policy {
    /// The names of the built-in policies, the one taken where none is named first.
    pub fn names() -> impl Iterator<Item = &'static str> {
        PRESETS.iter().map(|(id, _)| *id)
    }

    /// A built-in policy.
    pub fn named(name: &str) -> Result<Policy, Error> {
        Policy::built_in(name).cloned()
    }

    /// The same without a copy: most decisions are made by one that nobody changed.
    pub(crate) fn built_in(name: &str) -> Result<&'static Policy, Error> {
        static READ: OnceLock<Vec<OnceLock<Policy>>> = OnceLock::new();
        let slots = READ.get_or_init(|| PRESETS.iter().map(|_| OnceLock::new()).collect());
        let Some((slot, (_, options))) = slots.iter().zip(PRESETS).find(|(_, (id, _))| *id == name) else {
            let known: Vec<&str> = Policy::names().collect();
            let message =
                format!("unknown policy `{name}`; known: {}, or options of your own", known.join(", "));
            return Err(Error::new(ErrorKind::UnknownPolicy, message));
        };
        if let Some(read) = slot.get() {
            return Ok(read);
        }
        let read = Policy::from_json(options)?;
        Ok(slot.get_or_init(|| read))
    }

    /// A policy from options, as JSON: the keys of `data/policies.toml` in camel case, and `base`,
    /// the built-in policy that holds where the options say nothing. Without `base` the defaults are
    /// those of a policy that suppresses by reason, never counts to a threshold, and takes weights
    /// and schedules from the reasons. An error names the field.
    pub fn from_json(text: &str) -> Result<Policy, Error> {
        Policy::from_value(&Json::parse(text).map_err(|error| bad(&error))?)
    }

    /// The same, of options that were read already, or of a built-in policy's name.
    pub(crate) fn from_value(json: &Json) -> Result<Policy, Error> {
        if let Some(name) = json.text() {
            return Policy::named(name);
        }
        let Json::Object(fields) = json else { return Err(bad(&"options must be an object")) };
        for (index, (key, _)) in fields.iter().enumerate() {
            if !KEYS.contains(&key.as_str()) && key != "reasons" {
                return Err(bad(&format_args!(
                    "unknown option `{key}`; known: {}, reasons",
                    KEYS.join(", ")
                )));
            }
            if fields.iter().take(index).any(|(earlier, _)| earlier == key) {
                return Err(bad(&format_args!("`{key}` stands twice")));
            }
        }
        let mut policy = match json.get("base") {
            None => Policy::plain(),
            Some(base) => {
                Policy::named(base.text().ok_or_else(|| must("base", "the name of a policy", base))?)?
            }
        };
        policy.id = match json.get("id") {
            None => "custom".into(),
            Some(id) => id.text().filter(|id| !id.is_empty()).ok_or_else(|| must("id", "a name", id))?.into(),
        };
        policy.read_rules(json)?;
        policy.read_treatments(json)?;
        Ok(policy)
    }

    /// The name; `custom` where the options give none.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The strikes at which an address turns hard; `None` for never.
    pub fn threshold(&self) -> Option<u16> {
        self.threshold
    }

    /// What holds where nothing is said.
    fn plain() -> Policy {
        let treatment = |row: &ReasonRow| Treatment {
            bounce_type: None,
            weight: natural_weight(row),
            retry: row.retry.to_vec(),
        };
        Policy {
            id: String::new(),
            hard_by: HardBy::Reason,
            min_confidence: 50,
            on_hard: Action::Suppress,
            on_threshold: Action::Suppress,
            threshold: None,
            consecutive: true,
            expiry_days: None,
            per_campaign: true,
            stated_delay: true,
            recheck: false,
            treatments: REASONS.iter().map(treatment).collect(),
        }
    }

    fn read_rules(&mut self, json: &Json) -> Result<(), Error> {
        if let Some(by) = choice(json, "hardBy", &["reason", "code"])? {
            self.hard_by = if by == "code" { HardBy::Code } else { HardBy::Reason };
        }
        if let Some(value) = json.get("minConfidence") {
            let hundredths =
                value.scaled(2).and_then(|value| u8::try_from(value).ok()).filter(|value| *value <= 100);
            self.min_confidence =
                hundredths.ok_or_else(|| must("minConfidence", "from 0 to 1, in hundredths", value))?;
        }
        if let Some(action) = choice(json, "onHard", &["suppress", "flag"])? {
            self.on_hard = stop(action);
            self.on_threshold = self.on_hard;
        }
        if let Some(action) = choice(json, "onThreshold", &["suppress", "flag"])? {
            self.on_threshold = stop(action);
        }
        if let Some(value) = json.get("threshold") {
            self.threshold = count(value, "threshold", CAMPAIGNS as u32)?.map(|value| value as u16);
        }
        if let Some(counting) = choice(json, "counting", &["consecutive", "cumulative"])? {
            self.consecutive = counting == "consecutive";
        }
        if let Some(value) = json.get("expiryDays") {
            self.expiry_days = count(value, "expiryDays", LONGEST_EXPIRY)?;
        }
        self.per_campaign = flag(json, "perCampaign")?.unwrap_or(self.per_campaign);
        self.stated_delay = flag(json, "statedDelay")?.unwrap_or(self.stated_delay);
        self.recheck = flag(json, "recheck")?.unwrap_or(self.recheck);
        Ok(())
    }

    /// Weights and schedules: first for all, then by category, then by reason; whose faults count
    /// holds for what no rule of its own weighs.
    fn read_treatments(&mut self, json: &Json) -> Result<(), Error> {
        if let Some(value) = json.get("weight") {
            let weight = weight(value, "weight")?;
            self.treatments.iter_mut().for_each(|treatment| treatment.weight = weight);
        }
        if let Some(value) = json.get("retry") {
            let retry = schedule(value, "retry")?;
            self.treatments.iter_mut().for_each(|treatment| treatment.retry.clone_from(&retry));
        }
        if let Some(value) = json.get("faults") {
            let faults = faults(value)?;
            for (treatment, row) in self.treatments.iter_mut().zip(REASONS) {
                if !faults.contains(&row.fault) {
                    treatment.weight = 0;
                }
            }
        }
        for (field, known) in [("categories", false), ("reasons", true)] {
            let rules = match json.get(field) {
                None => continue,
                Some(Json::Object(rules)) => rules,
                Some(other) => return Err(must(field, "an object", other)),
            };
            for (id, rule) in rules {
                let of = |row: &ReasonRow| {
                    if known { row.id == id } else { table::category_id(row.category) == id }
                };
                if !(if known { table::reason(id).is_some() } else { CATEGORIES.contains(&id.as_str()) }) {
                    return Err(bad(&format_args!("`{field}`: unknown id `{id}`")));
                }
                for (treatment, _) in self.treatments.iter_mut().zip(REASONS).filter(|(_, row)| of(row)) {
                    apply(treatment, rule, &format!("{field}.{id}"))?;
                }
            }
        }
        Ok(())
    }
}

/// The strikes of one soft bounce by itself. A reason that is hard by nature and was met with a
/// temporary code ("450 user unknown") says enough about the address to count.
fn natural_weight(row: &ReasonRow) -> u8 {
    if row.hard { row.strike.max(1) } else { row.strike }
}

fn apply(treatment: &mut Treatment, rule: &Json, place: &str) -> Result<(), Error> {
    let Json::Object(fields) = rule else { return Err(must(place, "an object", rule)) };
    for (key, value) in fields {
        let field = format!("{place}.{key}");
        match key.as_str() {
            "type" => {
                let parsed = value.text().and_then(BounceType::parse);
                treatment.bounce_type = Some(parsed.ok_or_else(|| must(&field, "`hard` or `soft`", value))?);
            }
            "weight" => treatment.weight = weight(value, &field)?,
            "retry" => treatment.retry = schedule(value, &field)?,
            _ => return Err(bad(&format_args!("unknown option `{field}`; known: type, weight, retry"))),
        }
    }
    Ok(())
}

fn choice<'a>(json: &'a Json, field: &str, known: &[&str]) -> Result<Option<&'a str>, Error> {
    let Some(value) = json.get(field) else { return Ok(None) };
    let chosen = value.text().filter(|text| known.contains(text));
    chosen.map(Some).ok_or_else(|| must(field, &format!("`{}`", known.join("` or `")), value))
}

fn stop(action: &str) -> Action {
    if action == "flag" { Action::Flag } else { Action::Suppress }
}

fn flag(json: &Json, field: &str) -> Result<Option<bool>, Error> {
    match json.get(field) {
        None => Ok(None),
        Some(Json::Bool(value)) => Ok(Some(*value)),
        Some(other) => Err(must(field, "true or false", other)),
    }
}

/// A whole number within bounds.
fn within(value: &Json, bounds: std::ops::RangeInclusive<u32>) -> Option<u32> {
    value.whole().and_then(|number| u32::try_from(number).ok()).filter(|number| bounds.contains(number))
}

fn count(value: &Json, field: &str, most: u32) -> Result<Option<u32>, Error> {
    if *value == Json::Null {
        return Ok(None);
    }
    let number = within(value, 1..=most);
    number.map(Some).ok_or_else(|| must(field, &format!("null or a whole number from 1 to {most}"), value))
}

fn weight(value: &Json, field: &str) -> Result<u8, Error> {
    let number = within(value, 0..=10);
    number.map(|number| number as u8).ok_or_else(|| must(field, "a whole number from 0 to 10", value))
}

fn schedule(value: &Json, field: &str) -> Result<Vec<u32>, Error> {
    let Json::List(items) = value else { return Err(must(field, "a list of seconds", value)) };
    if items.len() > MOST_RETRIES {
        return Err(bad(&format_args!(
            "`{field}` must have {MOST_RETRIES} entries at most, not {}",
            items.len()
        )));
    }
    let mut delays = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        let place = format!("{field}[{index}]");
        let delay = within(item, 1..=LONGEST_DELAY);
        let delay =
            delay.ok_or_else(|| must(&place, &format!("whole seconds from 1 to {LONGEST_DELAY}"), item))?;
        if delays.last().is_some_and(|last| *last >= delay) {
            return Err(bad(&format_args!("`{place}` must be later than the one before it")));
        }
        delays.push(delay);
    }
    Ok(delays)
}

fn faults(value: &Json) -> Result<Vec<Fault>, Error> {
    let known: Vec<&str> = Fault::ALL.iter().map(|fault| fault.as_str()).collect();
    let wrong = |is: &Json| must("faults", &format!("a list of {}", known.join(", ")), is);
    let Json::List(items) = value else { return Err(wrong(value)) };
    items.iter().map(|item| item.text().and_then(Fault::parse).ok_or_else(|| wrong(item))).collect()
}

#[cfg(test)]
mod tests {
    use super::{Action, HardBy, Policy};
    use crate::policy::table;

    #[test]
    fn the_built_in_policies_are_good() {
        let names: Vec<&str> = Policy::names().collect();
        assert_eq!(names, ["default", "mailpro", "five-strikes", "altcraft"]);
        for name in names {
            assert_eq!(Policy::named(name).expect("a good policy").id(), name);
        }
        assert_eq!(Policy::named("altcraft").expect("good").hard_by, HardBy::Code);
    }

    fn treatment(policy: &Policy, reason: &str) -> (u8, Vec<u32>) {
        let number = table::reason(reason).expect("a reason").0 as usize;
        (policy.treatments[number].weight, policy.treatments[number].retry.clone())
    }

    #[test]
    fn weights_follow_faults_and_rules() {
        let default = Policy::named("default").expect("good");
        for (reason, weight) in [
            ("mailbox-full", 1),
            ("mailbox-full-dormant", 2),
            ("user-unknown", 1),
            ("ip-blocklisted", 0),
            ("access-denied", 0),
        ] {
            assert_eq!(treatment(&default, reason).0, weight, "{reason}");
        }
        let five = Policy::named("five-strikes").expect("good");
        assert_eq!(
            (treatment(&five, "ip-blocklisted").0, treatment(&five, "mailbox-full-dormant").0),
            (1, 1)
        );
        assert_eq!(five.on_threshold, Action::Flag);
        let mailpro = Policy::named("mailpro").expect("good");
        assert_eq!(treatment(&mailpro, "server-busy").1, [420, 2700]);
        assert_eq!(treatment(&mailpro, "mailbox-full").1, [7200]);
        let own = Policy::from_json(
            r#"{"base":"default","categories":{"quota-issues":{"weight":3,"retry":[60]}},"reasons":{"mailbox-full":{"weight":4}}}"#,
        )
        .expect("good");
        assert_eq!(treatment(&own, "mailbox-full"), (4, vec![60]));
        assert_eq!(treatment(&own, "message-too-big"), (3, vec![60]));
    }

    #[test]
    fn an_error_names_the_field() {
        for (options, message) in [
            ("[]", "policy: options must be an object"),
            ("{", "policy: `\"` is missing at byte 1"),
            (r#"{"treshold":5}"#, "policy: unknown option `treshold`; known: base, id, hardBy"),
            (
                r#"{"threshold":17}"#,
                "policy: `threshold` must be null or a whole number from 1 to 16, not 17",
            ),
            (r#"{"onHard":"delete"}"#, "policy: `onHard` must be `suppress` or `flag`, not `delete`"),
            (r#"{"retry":[60,60]}"#, "policy: `retry[1]` must be later than the one before it"),
            (r#"{"retry":[0]}"#, "policy: `retry[0]` must be whole seconds from 1 to 2592000, not 0"),
            (r#"{"faults":["fate"]}"#, "policy: `faults` must be a list of recipient, sender"),
            (r#"{"reasons":{"gremlins":{}}}"#, "policy: `reasons`: unknown id `gremlins`"),
            (r#"{"reasons":{"greylisted":{"wait":1}}}"#, "policy: unknown option `reasons.greylisted.wait`"),
            (
                r#"{"categories":{"other":{"weight":1.5}}}"#,
                "policy: `categories.other.weight` must be a whole number from 0 to 10",
            ),
            (r#"{"minConfidence":1.01}"#, "policy: `minConfidence` must be from 0 to 1"),
            (r#"{"base":"best"}"#, "unknown policy `best`; known: default, mailpro"),
            (r#"{"weight":1,"weight":2}"#, "policy: `weight` stands twice"),
        ] {
            let error = Policy::from_json(options).expect_err(options);
            assert!(error.to_string().starts_with(message), "{error}");
        }
    }
}
