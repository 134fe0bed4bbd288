use super::{Breach, Rule, name_type};

name_type! {
    /// An address for mail.
    EmailAddress
}

impl Rule for EmailAddress {
    const KIND: &'static str = "mail address";
    const RULE: &'static str =
        "a mail address has up to 320 characters without white space, with one @ between name and domain";
    const URL: &'static str = "https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html";
    const LENGTH: (usize, usize) = (3, 320);
    const PATTERN: Option<&'static str> = None;
    const EXAMPLE: &'static str = "ops@example.com";

    fn breach(text: &str) -> Option<Breach> {
        let white = Breach::first_character(text, |c| !c.is_whitespace() && !c.is_control());
        white.or_else(|| match text.split_once('@') {
            Some((name, domain)) if !name.is_empty() && !domain.is_empty() && !domain.contains('@') => None,
            _ => Some(Breach::Whole("it does not have one @ between a name and a domain")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert!(EmailAddress::parse("ops+files@example.com").is_ok());
        for address in ["", "ops", "@example.com", "ops@", "a@b@c", "o ps@example.com"] {
            assert!(EmailAddress::parse(address).is_err(), "{address}");
        }
    }
}
