use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn select(path: &str, input: &Value) -> Result<Value, String> {
    let path = JsonPath::parse(path).unwrap_or_else(|error| panic!("{error}"));
    path.evaluate(input).map(Selected::into_value).map_err(|fault| fault.to_string())
}

fn store() -> Value {
    json!({
        "book": [
            {"category": "reference", "author": "Rees", "price": 8.95, "tags": ["a", "b"]},
            {"category": "fiction", "author": "Waugh", "price": 12.99, "tags": []},
            {"category": "fiction", "author": "Melville", "isbn": "0-553", "price": 9},
            {"category": "fiction", "author": "Tolkien", "isbn": null, "price": 22.99}
        ],
        "bicycle": {"color": "red", "price": 19.95},
        "limit": 10,
        "numbers": [1, 2, 3, 4, 5],
        "odd name": {"it's": 1, "back\\slash": 2},
        "none": null
    })
}

#[test]
fn definite_paths_give_one_value() {
    for (path, expected) in [
        ("$.bicycle.color", json!("red")),
        ("$['bicycle'][\"color\"]", json!("red")),
        ("$.['bicycle'].color", json!("red")),
        ("$[ 'bicycle' ]", json!({"color": "red", "price": 19.95})),
        ("$.numbers[0]", json!(1)),
        ("$.numbers[-1]", json!(5)),
        ("$.none", json!(null)),
        (r"$['odd name']['it\'s']", json!(1)),
        (r"$['odd name']['back\\slash']", json!(2)),
        (r"$['odd name']['back\slash']", json!(2)),
        (r#"$["odd name"]["it's"]"#, json!(1)),
        ("$.bicycle['color','price','none']", json!({"color": "red", "price": 19.95})),
        ("$.numbers.length()", json!(5)),
        ("$.bicycle.length()", json!(2)),
        ("$.bicycle.keys()", json!(["color", "price"])),
        ("$.numbers.sum()", json!(15.0)),
        ("$.numbers.avg()", json!(3.0)),
        ("$.numbers.max()", json!(5.0)),
        ("$.numbers.min()", json!(1.0)),
        ("$.numbers.first()", json!(1)),
        ("$.numbers.last()", json!(5)),
        ("$.numbers.index(1)", json!(2)),
        ("$.numbers.append(6, 'x')", json!([1, 2, 3, 4, 5, 6, "x"])),
        ("$.book[0].tags.concat('c')", json!("abc")),
        ("$.book[*].length()", json!(4)),
        ("$..price.max()", json!(22.99)),
    ] {
        assert_eq!(select(path, &store()), Ok(expected), "{path}");
        assert!(JsonPath::parse(path).unwrap().is_definite(), "{path}");
    }
}

#[test]
fn indefinite_paths_give_lists() {
    for (path, expected) in [
        ("$.numbers[1:3]", json!([2, 3])),
        ("$.numbers[:2]", json!([1, 2])),
        ("$.numbers[3:]", json!([4, 5])),
        ("$.numbers[-2:]", json!([4, 5])),
        ("$.numbers[:-3]", json!([1, 2])),
        ("$.numbers[1:-1]", json!([])),
        ("$.numbers[7:9]", json!([])),
        ("$.numbers[0,2,9]", json!([1, 3])),
        ("$.numbers[0, -1]", json!([1, 5])),
        ("$.numbers[*]", json!([1, 2, 3, 4, 5])),
        ("$.bicycle.*", json!(["red", 19.95])),
        ("$.book[*].isbn", json!(["0-553", null])),
        (
            "$.book[*]['author','isbn']",
            json!([
                {"author": "Rees"}, {"author": "Waugh"}, {"author": "Melville", "isbn": "0-553"}, {"author": "Tolkien", "isbn": null}
            ]),
        ),
        ("$..color", json!(["red"])),
        ("$..isbn", json!(["0-553", null])),
        ("$..book[0].author", json!(["Rees"])),
        ("$.book[0]..*", json!(["reference", "Rees", 8.95, ["a", "b"], "a", "b"])),
        ("$..nothing", json!([])),
        ("$.book[*].bicycle.color", json!([])),
        ("$.bicycle[?(@.color == 'red')].price", json!([19.95])),
    ] {
        assert_eq!(select(path, &store()), Ok(expected), "{path}");
        assert!(!JsonPath::parse(path).unwrap().is_definite(), "{path}");
    }
}

#[test]
fn filters() {
    let authors = |filter: &str| {
        let found = select(&format!("$.book[?({filter})].author"), &store()).unwrap();
        found.as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>().join(" ")
    };
    for (filter, expected) in [
        ("@.isbn", "Melville Tolkien"),
        ("!@.isbn", "Rees Waugh"),
        ("!(@.isbn)", "Rees Waugh"),
        ("@.price < 10", "Rees Melville"),
        ("@.price<10", "Rees Melville"),
        ("@.price <= 9.0", "Rees Melville"),
        ("@.price > $.limit", "Waugh Tolkien"),
        ("10 < @.price", "Waugh Tolkien"),
        ("@['price'] == 9", "Melville"),
        ("@.price == '9'", "Melville"),
        ("@.price === '9'", ""),
        ("@.price == 9.0", "Melville"),
        ("@.isbn == null", "Tolkien"),
        ("@.isbn != null", "Rees Waugh Melville"),
        ("@.category == 'fiction' && @.price < 20", "Waugh Melville"),
        ("@.author == \"Rees\" || @.price > 20", "Rees Tolkien"),
        ("@.author == 'Rees' || @.category == 'fiction' && @.price > 20", "Rees Tolkien"),
        ("(@.author == 'Rees' || @.category == 'fiction') && !(@.price > 20)", "Rees Waugh Melville"),
        ("@.author =~ /.*vil.*/", "Melville"),
        ("@.author =~ /vil/", ""),
        ("@.author =~ /REES/i", "Rees"),
        ("@.author in ['Rees', 'Waugh']", "Rees Waugh"),
        ("@.author nin ['Rees', 'Waugh']", "Melville Tolkien"),
        ("@.price in [9, 22.99]", "Melville Tolkien"),
        ("@.tags contains 'a'", "Rees"),
        ("@.author contains 'o'", "Tolkien"),
        ("@.tags subsetof ['a','b','c']", "Rees Waugh"),
        ("@.tags anyof ['b']", "Rees"),
        ("@.tags noneof ['b']", "Waugh"),
        ("@.tags all ['a']", "Rees"),
        ("@.tags size 2", "Rees"),
        ("@.tags empty true", "Waugh"),
        ("@.author empty false", "Rees Waugh Melville Tolkien"),
        ("@.tags.length() == 2", "Rees"),
        ("@.author >= 'T'", "Waugh Tolkien"),
        ("@.author > 5", ""),
        ("@..b", ""),
    ] {
        let expected = if filter == "@..b" { "Rees Waugh Melville Tolkien" } else { expected };
        assert_eq!(authors(filter), expected, "{filter}");
    }
    assert_eq!(select("$.numbers[?(@ > 3)]", &store()), Ok(json!([4, 5])));
    assert_eq!(select("$.numbers[?(@ > 3)][0]", &store()), Ok(json!([])), "an index behind a filter is each item's");
    assert_eq!(select("$..[?(@.color)]", &store()).unwrap(), json!([{"color": "red", "price": 19.95}]));
    assert_eq!(select("$..[?(@.author == 'Rees')].price", &store()), Ok(json!([8.95])), "found once");
}

#[test]
fn what_leads_nowhere_and_why() {
    for (path, expected) in [
        ("$.x", "No results for path: $['x']"),
        ("$.bicycle.x", "No results for path: $['bicycle']['x']"),
        ("$.no.such.path", "Missing property in path $['no']"),
        ("$.bicycle.no.such", "Missing property in path $['bicycle']['no']"),
        ("$.x[*]", "Missing property in path $['x']"),
        ("$.numbers[9]", "No results for path: $['numbers'][9]"),
        ("$.numbers[-9]", "No results for path: $['numbers'][-9]"),
        ("$.none[0]", "The path $['none'] is null"),
        ("$.limit[0]", "Filter: [0] can only be applied to arrays. Current context is: 10"),
        (
            "$.limit.x",
            "Expected to find an object with property ['x'] in path $['limit'] but found \
             'com.fasterxml.jackson.databind.node.IntNode'. This is not a json object according to the JsonProvider: \
             'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.",
        ),
        ("$.book[9].author", "No results for path: $['book'][9]['author']"),
    ] {
        assert_eq!(select(path, &store()), Err(expected.to_owned()), "{path}");
    }
    let path = JsonPath::parse("$.x").unwrap();
    let fault = path.evaluate(&json!({})).unwrap_err();
    assert_eq!(fault.in_path(&path), "Invalid path '$.x' : No results for path: $['x']");
}

#[test]
fn what_is_not_a_path_and_where() {
    for (text, position) in [
        ("", 1),
        ("a.b", 1),
        ("$.", 3),
        ("$..", 4),
        ("$x y", 3),
        ("$.a b", 4),
        ("$.a.", 5),
        ("$[", 3),
        ("$['a]", 6),
        ("$['a'", 6),
        ("$[a]", 3),
        ("$[1:a]", 5),
        ("$[:]", 4),
        ("$[0,]", 5),
        ("$[99999999999]", 3),
        ("$[?]", 4),
        ("$[?(]", 5),
        ("$[?(@.a ==)]", 11),
        ("$[?(@.a = 1)]", 9),
        ("$[?(@.a", 8),
        ("$[?(@.a =~ 'x')]", 15),
        ("$.a.nope()", 5),
        ("$.a.index('x')", 5),
        ("$.a.length().b", 13),
    ] {
        let error = JsonPath::parse(text).unwrap_err();
        assert_eq!(error.position, position, "{text}: {error}");
    }
    for deep in ["(", "!", "@.a[?("] {
        assert!(JsonPath::parse(&format!("$[?({}", deep.repeat(100_000))).is_err());
    }
    assert!(JsonPath::parse(&format!("${}", "[0]".repeat(100_000))).is_err());
    assert!(JsonPath::parse(&format!("$[?(@.a in {})]", "[".repeat(100_000))).is_err());
}

#[test]
fn roots_and_references() {
    for (text, root, is_reference) in [
        ("$", Root::Input, true),
        ("$$", Root::Context, true),
        ("$$.Map.Item.Index", Root::Context, true),
        ("$total", Root::Variable("total".to_owned()), true),
        ("$größe.a[0]", Root::Variable("größe".to_owned()), true),
        ("$.a[0]['b']", Root::Input, true),
        ("$.a[-1]", Root::Input, false),
        ("$.a[*]", Root::Input, false),
        ("$.a['b','c']", Root::Input, false),
        ("$.a.length()", Root::Input, false),
    ] {
        let path = JsonPath::parse(text).unwrap();
        assert_eq!((path.root(), path.is_reference()), (&root, is_reference), "{text}");
        assert_eq!(path.to_string(), text);
    }
}

#[test]
fn results_are_written_where_a_path_leads() {
    for (path, input, expected) in [
        ("$", json!({"a": 1}), json!("new")),
        ("$.a", json!({"a": 1, "b": 2}), json!({"a": "new", "b": 2})),
        ("$.c.d", json!({"a": 1}), json!({"a": 1, "c": {"d": "new"}})),
        ("$.c.d", json!(null), json!({"c": {"d": "new"}})),
        ("$.a[1]", json!({"a": [1, 2]}), json!({"a": [1, "new"]})),
        ("$.a[0].b", json!({"a": [{}]}), json!({"a": [{"b": "new"}]})),
        ("$.a.b", json!({"a": null}), json!({"a": {"b": "new"}})),
    ] {
        let mut output = input;
        JsonPath::parse(path).unwrap().set(&mut output, json!("new")).unwrap();
        assert_eq!(output, expected, "{path}");
    }
}

#[test]
fn results_that_have_no_place() {
    for (path, input, step) in [
        ("$.a", json!("text"), "Unable to apply step \"a\" to input \"text\""),
        ("$.a.b", json!({"a": 1}), "Unable to apply step \"b\" to input 1"),
        ("$.a[2]", json!({"a": [1]}), "Unable to apply step \"[2]\" to input [1]"),
        ("$.a[0]", json!({"a": {}}), "Unable to apply step \"[0]\" to input {}"),
        ("$.x[0]", json!({}), "Unable to apply step \"[0]\" to input null"),
        ("$.a", json!([1]), "Unable to apply step \"a\" to input [1]"),
    ] {
        let mut output = input.clone();
        let fault = JsonPath::parse(path).unwrap().set(&mut output, json!("new")).unwrap_err();
        assert_eq!(fault.to_string(), step, "{path}");
        assert_eq!(output, input, "nothing is written");
    }
}

#[test]
fn a_path_cannot_visit_without_end() {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep, deep_sibling()]);
    }
    let path = JsonPath::parse(&format!("${}", "..*".repeat(20))).unwrap();
    assert!(path.evaluate(&deep).is_err());
}

fn deep_sibling() -> Value {
    json!({"a": {"b": {}}})
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in r"\$?(\.\.|\.|\[|\]|\?|\(|\)|@|\$|a|'|1|-|:|,|\*| |&&|\|\||!|==|=~|/|in |length|\\|é){0,30}") {
        if let Ok(path) = JsonPath::parse(&text) {
            prop_assert_eq!(JsonPath::parse(&path.to_string()), Ok(path.clone()));
            let _ = path.evaluate(&store());
        }
    }

    #[test]
    fn a_reference_path_reads_what_it_wrote(names in prop::collection::vec(r"[a-zé'\\ \.\[]{1,6}", 1..5)) {
        let mut path = crate::asl::ReferencePath::input();
        for name in &names {
            path = path.field(name.as_str());
        }
        let path = JsonPath::parse(&path.to_string()).unwrap();
        prop_assert!(path.is_reference());
        let mut value = json!({});
        path.set(&mut value, json!(7)).unwrap();
        prop_assert_eq!(path.find(&value), Some(&json!(7)));
    }
}
