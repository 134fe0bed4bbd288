//! The functions that a JSONata expression of a state machine can call.

/// A function: its name, how it is called, and what it gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonataFunction {
    /// The name, without `$`.
    pub name: &'static str,
    /// What it takes and gives: `(str, start[, length]) -> string`.
    pub signature: &'static str,
    /// What it gives, in words.
    pub gives: &'static str,
}

const fn f(name: &'static str, signature: &'static str, gives: &'static str) -> JsonataFunction {
    JsonataFunction { name, signature, gives }
}

impl JsonataFunction {
    /// [JSONata's own functions](https://docs.jsonata.org/string-functions), and those that
    /// [Step Functions adds](https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html#jsonata-functions-provided-by-sfn).
    /// `$eval` is not among them: Step Functions has it not.
    pub const ALL: &[Self] = &[
        f("abs", "(number) -> number", "the number without its sign"),
        f("append", "(array1, array2) -> array", "both arrays in one"),
        f("assert", "(condition[, message])", "nothing, or an error where the condition does not hold"),
        f("average", "(array) -> number", "the mean of the numbers"),
        f("base64decode", "(str) -> string", "the text that the Base64 text stands for"),
        f("base64encode", "(str) -> string", "the text in Base64"),
        f("boolean", "(arg) -> boolean", "the value as a boolean"),
        f("ceil", "(number) -> number", "the number rounded up"),
        f("clone", "(value) -> value", "a copy of the value"),
        f("contains", "(str, pattern) -> boolean", "whether the text holds the pattern"),
        f("count", "(array) -> number", "how many elements there are"),
        f("decodeUrl", "(str) -> string", "the URL without its escapes"),
        f("decodeUrlComponent", "(str) -> string", "the part of a URL without its escapes"),
        f("distinct", "(array) -> array", "the array without what occurs twice"),
        f("each", "(object, function) -> array", "what the function gives for each field"),
        f("encodeUrl", "(str) -> string", "the text as a URL"),
        f("encodeUrlComponent", "(str) -> string", "the text as a part of a URL"),
        f("error", "([message])", "an error: the state fails with `States.QueryEvaluationError`"),
        f("exists", "(arg) -> boolean", "whether the expression gives anything"),
        f("filter", "(array, function) -> array", "the elements for which the function gives true"),
        f("floor", "(number) -> number", "the number rounded down"),
        f("flatten", "(array) -> array", "the array without the arrays in it"),
        f("formatBase", "(number[, radix]) -> string", "the number in another base"),
        f("formatInteger", "(number, picture) -> string", "the whole number, written as the picture says"),
        f("formatNumber", "(number, picture[, options]) -> string", "the number, written as the picture says"),
        f(
            "fromMillis",
            "(number[, picture[, timezone]]) -> string",
            "the time that lies so many milliseconds after 1970",
        ),
        f("hash", "(data, algorithm) -> string", "the hash: MD5, SHA-1, SHA-256, SHA-384 or SHA-512"),
        f("join", "(array[, separator]) -> string", "the texts in one"),
        f("keys", "(object) -> array", "the names of the fields"),
        f("length", "(str) -> number", "how many characters there are"),
        f("lookup", "(object, key) -> value", "the field of this name"),
        f("lowercase", "(str) -> string", "the text in small letters"),
        f("map", "(array, function) -> array", "what the function gives for each element"),
        f("match", "(str, pattern[, limit]) -> array", "where the regular expression matches"),
        f("max", "(array) -> number", "the greatest of the numbers"),
        f("merge", "(array) -> object", "the objects in one"),
        f("millis", "() -> number", "the time in milliseconds since 1970"),
        f("min", "(array) -> number", "the least of the numbers"),
        f("not", "(arg) -> boolean", "true for what counts as false"),
        f("now", "([picture[, timezone]]) -> string", "the time"),
        f("number", "(arg) -> number", "the value as a number"),
        f("pad", "(str, width[, char]) -> string", "the text, filled up to a width"),
        f("parse", "(str) -> value", "the value that a JSON text stands for"),
        f("parseInteger", "(str, picture) -> number", "the whole number that the text spells as the picture says"),
        f("partition", "(array, size) -> array", "the array in pieces of a size"),
        f("power", "(base, exponent) -> number", "the base to the power of the exponent"),
        f("random", "([seed]) -> number", "a number from 0 to below 1, the same one for the same seed"),
        f("randomSeed", "(seed) -> number", "a number from 0 to below 1, the same one for the same seed"),
        f("range", "(first, last, step) -> array", "the numbers from the first to the last"),
        f("reduce", "(array, function[, init]) -> value", "what the function makes of all elements"),
        f("replace", "(str, pattern, replacement[, limit]) -> string", "the text with the pattern replaced"),
        f("reverse", "(array) -> array", "the array from its end"),
        f("round", "(number[, precision]) -> number", "the number rounded, half to even"),
        f("shuffle", "(array) -> array", "the array in a random order"),
        f("sift", "(object, function) -> object", "the fields for which the function gives true"),
        f("single", "(array, function) -> value", "the only element for which the function gives true"),
        f("sort", "(array[, function]) -> array", "the array in order"),
        f("split", "(str, separator[, limit]) -> array", "the pieces of the text"),
        f("spread", "(object) -> array", "an object for each field"),
        f("sqrt", "(number) -> number", "the square root"),
        f("string", "(arg[, prettify]) -> string", "the value as a text: JSON, unless it is one"),
        f("substring", "(str, start[, length]) -> string", "a part of the text"),
        f("substringAfter", "(str, chars) -> string", "what follows the first of these characters"),
        f("substringBefore", "(str, chars) -> string", "what comes before the first of these characters"),
        f("sum", "(array) -> number", "the sum of the numbers"),
        f("toMillis", "(timestamp[, picture]) -> number", "the time in milliseconds since 1970"),
        f("trim", "(str) -> string", "the text without the white space around it"),
        f("type", "(value) -> string", "the type of the value"),
        f("uppercase", "(str) -> string", "the text in capital letters"),
        f("uuid", "() -> string", "a random UUID, of version 4"),
        f("zip", "(array1, ...) -> array", "the first elements together, the second ones together, and so on"),
    ];

    /// The function of a name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|function| function.name == name)
    }
}
