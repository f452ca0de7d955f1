//! One key for one address.
//!
//! An address that is written in two ways must not have two counts of strikes. So letters are taken in
//! lower case on both sides of the `@`, and the domain as it travels: `Jörg@BÜCHER.example` and
//! `jörg@xn--bcher-kva.example` are one key. RFC 5321 lets a server tell `Ann@` from `ann@`; none that
//! takes mail from strangers does, and lists that others share as hashes are in lower case too.

use super::idn;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The address as a key: without blanks, angle brackets, `mailto:` and a final dot, in lower case, its
/// domain in ASCII.
///
/// ```
/// use bouncelens::policy::normalise;
/// assert_eq!(normalise(" <Ann@Example.COM.> "), "ann@example.com");
/// assert_eq!(normalise("mailto:BÜRO@Bücher.example"), "büro@xn--bcher-kva.example");
/// ```
///
/// Letters that are written as a letter and an accent of its own are not put together: give text in
/// Unicode's form NFC, as the JavaScript package does.
pub fn normalise(address: &str) -> String {
    let address = address.trim();
    let address = address.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(address).trim();
    let scheme = address.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:"));
    let address = if scheme { address.get(7..).unwrap_or_default() } else { address };
    let address = address.trim_end_matches('.');
    if address.is_ascii() {
        return address.to_ascii_lowercase();
    }
    let (local, domain) =
        address.rsplit_once('@').map_or((address, None), |(local, domain)| (local, Some(domain)));
    let mut key: String = local.chars().map(idn::lower).collect();
    if let Some(domain) = domain {
        key.push('@');
        idn::to_ascii(domain, &mut key);
    }
    key
}

/// A domain as [`normalise`] writes it.
///
/// ```
/// assert_eq!(bouncelens::policy::normalise_domain("BÜCHER.Example."), "xn--bcher-kva.example");
/// ```
pub fn normalise_domain(domain: &str) -> String {
    let mut key = String::with_capacity(domain.len());
    idn::to_ascii(domain.trim().trim_end_matches('.'), &mut key);
    key
}

/// The domain of a normalised address; empty where there is none.
pub fn domain(address: &str) -> &str {
    address.rsplit_once('@').map_or("", |(_, domain)| domain)
}

/// The SHA-256 of the normalised address, in hex: a list can be shared without addresses, though
/// whoever can guess an address can tell whether it is in the list.
///
/// ```
/// # use bouncelens::policy::hash;
/// assert_eq!(hash("Ann@Example.com"), hash("ann@example.com"));
/// assert_eq!(hash("ann@example.com"), "71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476");
/// ```
pub fn hash(address: &str) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(normalise(address).as_bytes()) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}
