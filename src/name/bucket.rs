use super::{Breach, Rule, name_type};

name_type! {
    /// The name of a general purpose S3 bucket.
    ///
    /// ```
    /// use bucketbook::name::BucketName;
    /// assert!(BucketName::parse("holiday-photos").is_ok());
    /// let refused = BucketName::parse("Holiday-photos").unwrap_err();
    /// assert!(refused.to_string().starts_with("`Holiday-photos` is not a bucket name: `H` (character 1) is not allowed"));
    /// ```
    BucketName
}

const RESERVED_PREFIXES: [&str; 3] = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES: [&str; 6] = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3", "-an"];

impl Rule for BucketName {
    const KIND: &'static str = "bucket name";
    const RULE: &'static str = "a bucket name has 3 to 63 lowercase letters, digits, periods and hyphens, begins and ends with a letter or digit, has no two periods in a row, is no IP address, does not begin with xn--, sthree- or amzn-s3-demo-, and does not end with -s3alias, --ol-s3, .mrap, --x-s3, --table-s3 or -an";
    const URL: &'static str = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html";
    const LENGTH: (usize, usize) = (3, 63);
    const PATTERN: Option<&'static str> = Some(
        r"^(?!xn--|sthree-|amzn-s3-demo-)(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)(?!.*(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3|-an)$)[a-z0-9][a-z0-9.-]*[a-z0-9]$",
    );
    const EXAMPLE: &'static str = "my-files";

    fn breach(text: &str) -> Option<Breach> {
        let alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        Breach::first_character(text, |c| alphanumeric(c) || c == '.' || c == '-')
            .or_else(|| {
                let first = text.chars().next().filter(|c| !alphanumeric(*c))?;
                Some(Breach::Character { character: first, position: 1, why: "cannot come first" })
            })
            .or_else(|| {
                let last = text.chars().last().filter(|c| !alphanumeric(*c))?;
                Some(Breach::Character { character: last, position: text.chars().count(), why: "cannot come last" })
            })
            .or_else(|| {
                let dots = text.find("..")?;
                Some(Breach::Character { character: '.', position: dots + 2, why: "follows another period" })
            })
            .or_else(|| looks_like_ip(text).then_some(Breach::Whole("it is formatted as an IP address")))
            .or_else(|| RESERVED_PREFIXES.into_iter().find(|p| text.starts_with(p)).map(Breach::ReservedPrefix))
            .or_else(|| RESERVED_SUFFIXES.into_iter().find(|s| text.ends_with(s)).map(Breach::ReservedSuffix))
    }
}

/// Four groups of digits: what S3 takes for an IP address, whether or not its numbers are in range.
fn looks_like_ip(text: &str) -> bool {
    let groups: Vec<&str> = text.split('.').collect();
    groups.len() == 4 && groups.iter().all(|g| !g.is_empty() && g.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_s3_takes() {
        for name in ["abc", "a-b.c", "my.bucket-1", "0aa", "192.168.5", "1.2.3.4.5", &"a".repeat(63), "a--b", "plan"] {
            assert!(BucketName::parse(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn names_that_s3_refuses_and_why() {
        for (name, why) in [
            ("", "it is empty"),
            ("ab", "it has 2 characters, and the minimum is 3"),
            (&"a".repeat(64), "it is 64 long, and the longest is 63"),
            ("aBc", "`B` (character 2) is not allowed"),
            ("a_b", "`_` (character 2) is not allowed"),
            ("a\u{7}b", "U+0007 (character 2) is not allowed"),
            ("äbc", "`ä` (character 1) is not allowed"),
            (".abc", "`.` (character 1) cannot come first"),
            ("abc-", "`-` (character 4) cannot come last"),
            ("a..b", "`.` (character 3) follows another period"),
            ("192.168.5.4", "it is formatted as an IP address"),
            ("999.168.5.4", "it is formatted as an IP address"),
            ("xn--abc", "it begins with `xn--`, which is reserved"),
            ("sthree-configurator", "it begins with `sthree-`, which is reserved"),
            ("amzn-s3-demo-bucket", "it begins with `amzn-s3-demo-`, which is reserved"),
            ("abc-s3alias", "it ends with `-s3alias`, which is reserved"),
            ("abc--ol-s3", "it ends with `--ol-s3`, which is reserved"),
            ("abc.mrap", "it ends with `.mrap`, which is reserved"),
            ("abc--usw2-az1--x-s3", "it ends with `--x-s3`, which is reserved"),
            ("abc--table-s3", "it ends with `--table-s3`, which is reserved"),
            ("abc-123456789012-us-east-1-an", "it ends with `-an`, which is reserved"),
        ] {
            let error = BucketName::parse(name).unwrap_err();
            assert_eq!(error.breach.to_string(), why, "{name}");
        }
    }
}
