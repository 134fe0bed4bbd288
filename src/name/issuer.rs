use super::{Breach, Rule, name_type};

name_type! {
    /// The issuer of JSON Web Tokens: the URL below which an OpenID provider's configuration is.
    JwtIssuer
}

impl Rule for JwtIssuer {
    const KIND: &'static str = "token issuer";
    const RULE: &'static str = "an issuer is a URL that begins with https:// and has neither query nor fragment";
    const URL: &'static str = "https://openid.net/specs/openid-connect-core-1_0.html#IssuerIdentifier";
    const LENGTH: (usize, usize) = (1, 2048);
    const PATTERN: Option<&'static str> = Some("^https://[!-\"$->@-~]+$");
    const EXAMPLE: &'static str = "https://example.auth0.com/";

    fn breach(text: &str) -> Option<Breach> {
        let Some(rest) = text.strip_prefix("https://") else {
            return Some(Breach::Whole("it does not begin with https://"));
        };
        let known = |c: char| c.is_ascii_graphic() && !matches!(c, '?' | '#');
        Breach::first_character(text, known)
            .or_else(|| (rest.is_empty() || rest.starts_with('/')).then_some(Breach::Whole("it has no host")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn issuers() {
        for issuer in ["https://a.b", "https://example.auth0.com/", "https://login.example.com:8443/realms/x"] {
            assert!(JwtIssuer::parse(issuer).is_ok(), "{issuer}");
        }
        for wrong in [
            "example.com",
            "http://example.com",
            "https://",
            "https:///x",
            "https://a.b?c",
            "https://a.b#c",
            "https://a b",
        ] {
            assert!(JwtIssuer::parse(wrong).is_err(), "{wrong}");
        }
    }
}
