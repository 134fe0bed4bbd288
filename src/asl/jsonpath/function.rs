use serde_json::{Number, Value};

/// A function at the end of a path.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum PathFunction {
    Length,
    Min,
    Max,
    Avg,
    StdDev,
    Sum,
    Keys,
    First,
    Last,
    Index(i64),
    Concat(Vec<String>),
    Append(Vec<Value>),
}

impl PathFunction {
    /// Its name, as it is written.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Min => "min",
            Self::Max => "max",
            Self::Avg => "avg",
            Self::StdDev => "stddev",
            Self::Sum => "sum",
            Self::Keys => "keys",
            Self::First => "first",
            Self::Last => "last",
            Self::Index(_) => "index",
            Self::Concat(_) => "concat",
            Self::Append(_) => "append",
        }
    }

    /// The function of a name with these arguments.
    pub(super) fn named(name: &str, mut arguments: Vec<Value>) -> Option<Self> {
        let plain = match name {
            "length" | "size" => Self::Length,
            "min" => Self::Min,
            "max" => Self::Max,
            "avg" => Self::Avg,
            "stddev" => Self::StdDev,
            "sum" => Self::Sum,
            "keys" => Self::Keys,
            "first" => Self::First,
            "last" => Self::Last,
            "index" => return arguments.pop().and_then(|index| index.as_i64()).map(Self::Index),
            "concat" => return Some(Self::Concat(arguments.iter().map(text).collect())),
            "append" => return Some(Self::Append(arguments)),
            _ => return None,
        };
        arguments.is_empty().then_some(plain)
    }

    /// What it makes of a value, or why it can't.
    pub(super) fn apply(&self, value: &Value) -> Result<Value, String> {
        Ok(match self {
            Self::Length => match value {
                Value::Array(items) => Value::from(items.len()),
                Value::Object(fields) => Value::from(fields.len()),
                _ => Value::Null,
            },
            Self::Keys => match value {
                Value::Object(fields) => fields.keys().map(|key| Value::from(key.as_str())).collect(),
                _ => Value::Null,
            },
            Self::First => element(value, 0)?,
            Self::Last => element(value, -1)?,
            Self::Index(index) => element(value, *index)?,
            Self::Concat(more) => {
                let own = value.as_array().into_iter().flatten().filter(|item| item.is_string()).map(text);
                Value::from(own.chain(more.iter().cloned()).collect::<String>())
            }
            Self::Append(more) => match value {
                Value::Array(items) => items.iter().chain(more).cloned().collect(),
                other => other.clone(),
            },
            Self::Min | Self::Max | Self::Avg | Self::StdDev | Self::Sum => self.aggregate(value)?,
        })
    }

    fn aggregate(&self, value: &Value) -> Result<Value, String> {
        let numbers: Vec<f64> = value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        if numbers.is_empty() {
            return Err("Aggregation function attempted to calculate value using empty array".to_owned());
        }
        let count = numbers.len() as f64;
        let sum: f64 = numbers.iter().sum();
        let result = match self {
            Self::Min => numbers.into_iter().fold(f64::INFINITY, f64::min),
            Self::Max => numbers.into_iter().fold(f64::NEG_INFINITY, f64::max),
            Self::Avg => sum / count,
            Self::StdDev => {
                let squares: f64 = numbers.iter().map(|number| number * number).sum();
                (squares / count - (sum / count).powi(2)).max(0.0).sqrt()
            }
            _ => sum,
        };
        Ok(Number::from_f64(result).map_or(Value::Null, Value::Number))
    }
}

fn element(value: &Value, index: i64) -> Result<Value, String> {
    let items = value.as_array().ok_or("Aggregation function attempted to calculate value using empty array")?;
    let at = if index < 0 { index + items.len() as i64 } else { index };
    let found = usize::try_from(at).ok().and_then(|at| items.get(at));
    found.cloned().ok_or_else(|| format!("Target index:{index} larger than object count:{}", items.len()))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
