/// The name in whatever names a Lambda function: `f`, `f:live`, `arn:aws:lambda:eu-west-1:111111111111:function:f:live`.
pub fn function_name(text: &str) -> &str {
    let name = text.split_once(":function:").map_or(text, |(_, name)| name);
    name.split(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_has_one_name() {
        for text in ["f", "f:live", "111111111111:function:f", "arn:aws:lambda:eu-west-1:111111111111:function:f:live"]
        {
            assert_eq!(function_name(text), "f", "{text}");
        }
    }
}
