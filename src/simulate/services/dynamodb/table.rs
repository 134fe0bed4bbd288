//! Tables as a template declares them, and what is in them.

use std::collections::BTreeMap;

use dynoxide::DynoxideError;
use serde_json::{Map, Value, json};

use super::{DynamoDb, TableError, calls};
use crate::aws::{TableOperation, table_name};

/// What of an [`AWS::DynamoDB::Table`](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html)
/// says how its items are found. The rest (capacity, backups, encryption, tags) makes no difference here.
const SHAPE: [&str; 4] = ["AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes"];

/// The same for an index.
const INDEX_SHAPE: [&str; 3] = ["IndexName", "KeySchema", "Projection"];

impl DynamoDb {
    /// Creates a table out of the `Properties` of an `AWS::DynamoDB::Table`, its references resolved. A table that the file
    /// has already stays as it is, with what is in it.
    ///
    /// # Errors
    /// DynamoDB would refuse the table, or the file has one of this name with another key.
    pub fn create_table(&self, name: &str, properties: &Value) -> Result<(), TableError> {
        let mut request = picked(properties, &SHAPE);
        for indexes in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
            if let Some(Value::Array(indexes)) = request.get_mut(indexes) {
                indexes.iter_mut().for_each(|index| *index = picked(index, &INDEX_SHAPE).into());
            }
        }
        request.insert("TableName".to_owned(), name.into());
        request.insert("BillingMode".to_owned(), "PAY_PER_REQUEST".into());
        if let Some(found) = self.key_schema(name) {
            let expected = described(properties.get("KeySchema"));
            let found = described(Some(&found));
            let table = name.to_owned();
            return if found == expected { Ok(()) } else { Err(TableError::OtherKey { table, found, expected }) };
        }
        self.ask("createTable", name, &request.into())?;
        if let Some(ttl) = properties.get("TimeToLiveSpecification").filter(|ttl| ttl["Enabled"] == true) {
            let ttl = json!({"TableName": name, "TimeToLiveSpecification": picked(ttl, &["AttributeName", "Enabled"])});
            self.ask("updateTimeToLive", name, &ttl)?;
        }
        Ok(())
    }

    /// Creates a table out of the `Properties` of an
    /// [`AWS::Serverless::SimpleTable`](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-simpletable.html),
    /// whose key is one attribute: a text named `id`, unless it says otherwise.
    ///
    /// # Errors
    /// As [`create_table`](Self::create_table).
    pub fn create_simple_table(&self, name: &str, properties: &Value) -> Result<(), TableError> {
        let key = |field: &str, default: &str| properties["PrimaryKey"][field].as_str().unwrap_or(default).to_owned();
        let (attribute, kind) = (key("Name", "id"), key("Type", "String"));
        let kind = kind.chars().next().unwrap_or('S').to_string();
        let properties = json!({
            "AttributeDefinitions": [{"AttributeName": attribute, "AttributeType": kind}],
            "KeySchema": [{"AttributeName": attribute, "KeyType": "HASH"}],
        });
        self.create_table(name, &properties)
    }

    /// The names of the tables, in order.
    ///
    /// # Errors
    /// The engine cannot read its file.
    pub fn tables(&self) -> Result<Vec<String>, TableError> {
        let stats = self.database.0.table_stats().map_err(|error| refused("", &error))?;
        let mut names: Vec<String> = stats.into_iter().map(|table| table.table_name).collect();
        names.sort_unstable();
        Ok(names)
    }

    /// The attribute by whose time DynamoDB removes items, if the table has one.
    pub fn ttl_attribute(&self, table: &str) -> Option<String> {
        let described = self.ask("describeTimeToLive", table, &json!({ "TableName": table })).ok()?;
        described["TimeToLiveDescription"]["AttributeName"].as_str().map(str::to_owned)
    }

    /// The key of a table: `[{"AttributeName": …, "KeyType": "HASH"}, …]`; `None` if there is no such table.
    pub fn key_schema(&self, table: &str) -> Option<Value> {
        // DescribeTable would count the items, too.
        let known = self.database.0.get_table_metadata(table).ok()??;
        serde_json::from_str(&known.key_schema).ok()
    }

    /// Puts an item, in DynamoDB's JSON (`{"fileName": {"S": "a.jpg"}}`): what a scenario has to begin with.
    ///
    /// # Errors
    /// There is no such table, or DynamoDB would refuse the item.
    pub fn put(&self, table: &str, item: &Value) -> Result<(), TableError> {
        self.ask("putItem", table, &json!({"TableName": table, "Item": item})).map(drop)
    }

    /// The first items of a table by key, so many at most, and how many it has. No others are held.
    ///
    /// # Errors
    /// There is no such table.
    pub fn first_items(&self, table: &str, most: usize) -> Result<(Vec<Value>, usize), TableError> {
        let key = self.key_names(table);
        // `#0, #1` stand for the attributes of the key, whatever they are called.
        let names: Map<String, Value> = (0..).zip(&key).map(|(at, name)| (format!("#{at}"), json!(name))).collect();
        let projection = names.keys().cloned().collect::<Vec<_>>().join(", ");
        let request =
            json!({"TableName": table, "ProjectionExpression": projection, "ExpressionAttributeNames": names});
        let (mut first, mut count) = (BTreeMap::new(), 0);
        self.pages(table, request, |items| {
            count += items.len();
            first.extend(items.into_iter().map(|item| (place(&key, &item), item)));
            while first.len() > most {
                first.pop_last();
            }
        })?;
        let items = first.values().filter_map(|key| self.item(table, key));
        Ok((items.collect(), count))
    }

    /// Every item of a table, in DynamoDB's JSON, by key.
    ///
    /// # Errors
    /// There is no such table.
    pub fn items(&self, table: &str) -> Result<Vec<Value>, TableError> {
        let mut items = Vec::new();
        self.pages(table, json!({ "TableName": table }), |found| items.extend(found))?;
        let key = self.key_names(table);
        items.sort_by_cached_key(|item| place(&key, item));
        Ok(items)
    }

    /// The names of the attributes of a table's key; none, if there is no such table.
    pub fn key_names(&self, table: &str) -> Vec<String> {
        let key = self.key_schema(table).unwrap_or_default();
        let names = key.as_array().into_iter().flatten().filter_map(|part| part["AttributeName"].as_str());
        names.map(str::to_owned).collect()
    }

    /// Reads a table page by page.
    fn pages(&self, table: &str, mut request: Value, mut read: impl FnMut(Vec<Value>)) -> Result<(), TableError> {
        loop {
            let mut page = self.ask("scan", table, &request)?;
            if let Value::Array(found) = page["Items"].take() {
                read(found);
            }
            match page.get_mut("LastEvaluatedKey").map(Value::take) {
                Some(key) if !key.is_null() => request["ExclusiveStartKey"] = key,
                _ => return Ok(()),
            }
        }
    }

    /// Makes a table hold these items and no others.
    ///
    /// # Errors
    /// There is no such table, or DynamoDB would refuse an item.
    pub fn hold(&self, table: &str, items: &[Value]) -> Result<(), TableError> {
        let there = self.items(table)?;
        there.iter().filter(|item| !items.contains(item)).try_for_each(|item| self.remove_item(table, item))?;
        items.iter().filter(|item| !there.contains(item)).try_for_each(|item| self.put(table, item))
    }

    /// Removes every item of a table that has a time to live, as DynamoDB does when that has passed: a
    /// [number](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/time-to-live-ttl-before-you-start.html) in the table's attribute
    /// for it.
    ///
    /// # Errors
    /// There is no such table.
    pub fn expire(&self, table: &str) -> Result<(), TableError> {
        let Some(time) = self.ttl_attribute(table) else { return Ok(()) };
        let items = self.items(table)?;
        items.iter().filter(|item| item[&time].get("N").is_some()).try_for_each(|item| self.remove_item(table, item))
    }

    fn remove_item(&self, table: &str, item: &Value) -> Result<(), TableError> {
        let key = self.key_names(table).into_iter().map(|name| (name.clone(), item[&name].clone()));
        self.remove(table, &Value::Object(key.collect()))
    }

    fn ask(&self, action: &str, table: &str, request: &Value) -> Result<Value, TableError> {
        match calls::full(&self.database.0, action, request) {
            Some(answer) => answer.map_err(|error| refused(table, &error)),
            None => Ok(Value::Null),
        }
    }
}

/// Where an item stands in the order of keys.
fn place(key: &[String], item: &Value) -> Vec<String> {
    key.iter().map(|name| item[name].to_string()).collect()
}

fn refused(table: &str, error: &DynoxideError) -> TableError {
    TableError::Refused { table: table.to_owned(), reason: error.to_string() }
}

fn picked(object: &Value, names: &[&str]) -> Map<String, Value> {
    names.iter().filter_map(|name| Some(((*name).to_owned(), object.get(name)?.clone()))).collect()
}

fn described(key: Option<&Value>) -> String {
    let parts = key.and_then(Value::as_array).into_iter().flatten();
    let text = |part: &Value, field: &str| part[field].as_str().unwrap_or("?").to_owned();
    let parts = parts.map(|part| format!("{} ({})", text(part, "AttributeName"), text(part, "KeyType")));
    parts.collect::<Vec<_>>().join(" and ")
}

/// The arguments with the names of tables where they had ARNs, which DynamoDB takes as well; `None` if they had none.
pub(super) fn names_of_arns(action: &str, arguments: &Value) -> Option<Value> {
    let is_arn = |name: &str| table_name(name) != name;
    let named = arguments["TableName"].as_str();
    let parts = |field: &str| arguments.get(field).is_some();
    let inside = || {
        let requests = TableOperation::of(action).map(|operation| operation.requests(arguments)).unwrap_or_default();
        requests.iter().filter_map(|request| request.table).any(is_arn)
    };
    if !named.is_some_and(is_arn) && !((parts("TransactItems") || parts("RequestItems")) && inside()) {
        return None;
    }
    let mut arguments = arguments.clone();
    arguments.get_mut("TableName").into_iter().for_each(rename);
    for part in arguments.get_mut("TransactItems").and_then(Value::as_array_mut).into_iter().flatten() {
        let requests = part.as_object_mut().into_iter().flatten();
        requests.filter_map(|(_, request)| request.get_mut("TableName")).for_each(rename);
    }
    if let Some(Value::Object(requests)) = arguments.get_mut("RequestItems") {
        let all = std::mem::take(requests).into_iter();
        requests.extend(all.map(|(name, request)| (table_name(&name).to_owned(), request)));
    }
    Some(arguments)
}

fn rename(name: &mut Value) {
    if let Value::String(text) = name {
        *text = table_name(text).to_owned();
    }
}
