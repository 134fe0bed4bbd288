//! Texts where they cannot be taken for markup.

/// A text as HTML's content, or as the value of an attribute between double quotes.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            // What HTML has no way to say.
            c if c.is_control() && !matches!(c, '\n' | '\t') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// The same with what stands between backticks as code.
pub(super) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len() - 1;
    let part = |(at, part): (usize, &&str)| match at % 2 {
        0 => html(part),
        // A backtick that nothing answers is one.
        _ if at == last => format!("`{}", html(part)),
        _ => format!("<code>{}</code>", html(part)),
    };
    parts.iter().enumerate().map(part).collect()
}

/// JSON that can stand in a `<script>`: nothing in it ends that or begins a comment, and no line of it is one only for old
/// readers. It says the same JSON.
pub(super) fn json(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '<' => escaped.push_str("\\u003c"),
            '>' => escaped.push_str("\\u003e"),
            '&' => escaped.push_str("\\u0026"),
            '\u{2028}' => escaped.push_str("\\u2028"),
            '\u{2029}' => escaped.push_str("\\u2029"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        for (text, expected) in [
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("\" onclick='x'", "&quot; onclick=&#39;x&#39;"),
            ("\u{0}\u{7}\n\t", "\u{fffd}\u{fffd}\n\t"),
        ] {
            assert_eq!(html(text), expected);
        }
    }

    #[test]
    fn backticks_are_code() {
        for (text, expected) in [
            ("`a<b` is not", "<code>a&lt;b</code> is not"),
            ("no ` end", "no ` end"),
            ("`a``b`", "<code>a</code><code>b</code>"),
            ("plain", "plain"),
            ("", ""),
        ] {
            assert_eq!(prose(text), expected);
        }
    }

    #[test]
    fn json_says_the_same_and_ends_no_script() {
        let value = serde_json::json!({"</script>": "<!-- <script> ]]> & \u{2028}\u{2029} \" \\"});
        let text = json(&value.to_string());
        assert!(!text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
