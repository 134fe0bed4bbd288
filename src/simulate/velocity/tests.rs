use serde_json::{Value, json};

use super::*;

/// An `$input` with a body, and a `$util` with one function.
struct Known;

impl Host for Known {
    fn has(&self, object: &str) -> bool {
        matches!(object, "input" | "util")
    }

    fn property(&self, _: &str, name: &str) -> Result<Option<Value>, String> {
        if name == "body" { Ok(Some(r#"{"a": [1, 2]}"#.into())) } else { Ok(None) }
    }

    fn call(&self, _: &str, method: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
        match (method, arguments) {
            ("path", [_]) => Ok(Some(json!({"a": [1, 2], "b": {"c": "x", "d": "y"}, "s": "it's"}))),
            ("params", []) => Ok(Some(json!({"header": {}, "path": {"id": "7"}}))),
            _ => Err(format!("no `{method}`")),
        }
    }
}

fn rendered(text: &str) -> Result<String, VelocityFault> {
    render(&Template::parse(text)?, &Known)
}

#[test]
fn references_and_directives_are_evaluated_as_velocity_does() {
    let cases = [
        ("$input.body costs $5 and #1", r#"{"a": [1, 2]} costs $5 and #1"#),
        ("$missing ${missing.a} $!missing $!{missing}.", "$missing ${missing.a}  ."),
        ("#set($a = 'x$b')#set($c = \"$a, ${a}y $d\")$a|$c", "x$b|x$b, x$by $d"),
        ("#set($n = 2)#if($n == 1)one#elseif($n > 1 && !false)more#{else}none#end", "more"),
        ("#if($input.nothing)a#{else}b#end", "b"),
        ("#if($!nothing.x || \"\" == '')a#end", "a"),
        ("$input.path('$').a[1]$input.path('$').b.c", "2x"),
        (
            "#set($r = $input.path('$'))#foreach($k in $r.b.keySet())$k=$r.b.get($k)#if($foreach.hasNext), #end#end",
            "c=x, d=y",
        ),
        ("#foreach($e in $input.path('$').b.entrySet())$e.key$e.value$foreach.index#end", "cx0dy1"),
        ("#foreach($i in [1..3])#if($i == 3)#break#end$i#end", "12"),
        ("#set($m = {\"a\": 1})#set($m.b = [])#set($x = $m.b.add(\"q\"))$m", r#"{"a":1,"b":["q"]}"#),
        ("#set($len = $input.body.length() - 1)$input.body.substring(1,$len)", r#""a": [1, 2]"#),
        ("#set($t = \"a@@b\")$t.replaceAll(\"@@\",'\"')", "a\"b"),
        ("#set($t = \"it\\'s\")$t.replaceAll(\"\\\\'\", \"'\")", "it's"),
        ("a ## comment\nb #* c *#d #[[ $raw ]]#", "a b d  $raw "),
        ("#set($a = 7 / 2)#set($b = \"n\" + 1)$a $b", "3 n1"),
        ("#if($input.params().header.empty && !$input.params().path.isEmpty())yes#end", "yes"),
        ("x#stop y", "x"),
    ];
    for (text, expected) in cases {
        assert_eq!(rendered(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_not_supported_is_named_with_its_line() {
    let cases = [
        ("\n#macro(x)#end", 2, "`#macro` is not supported"),
        ("#if($a)", 1, "`#end` is missing"),
        ("#end", 1, "without `#if`"),
        ("\n\n$input.body.frob(1)", 3, "`frob` of a string"),
        ("$util.frob()", 1, "no `frob`"),
        ("#set($a = )", 1, "expected a value, found `)`"),
        ("#set($a = 'x)", 1, "no closing quote"),
        ("#if('a' < 1)#end", 1, "compare numbers"),
        ("$input.body.substring(99)", 1, "outside the 13 characters"),
    ];
    for (text, line, part) in cases {
        let fault = rendered(text).unwrap_err();
        assert!(fault.line == line && fault.message.contains(part), "{text}: {fault}");
    }
}

#[test]
fn no_template_takes_unbounded_time_or_memory() {
    let doubled = "#set($a = 'xxxxxxxx')#foreach($i in [1..100])#set($a = \"$a$a\")#end";
    assert!(rendered(doubled).unwrap_err().message.contains("too much work"));
    let nested = "#foreach($i in [1..9999])#foreach($j in [1..9999])$j#end#end";
    assert!(rendered(nested).unwrap_err().message.contains("too much work"));
    assert!(rendered(&"#if(true)".repeat(5000)).is_err());
    assert!(rendered(&format!("#set($a = {}1)", "(".repeat(5000))).is_err());
    assert!(rendered(&format!("#set($a = {}1)", "!".repeat(5000))).is_err());
}
