use crate::aws::ResourceType;
use crate::diagnostic::Severity;
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::{Call, LoadedStack, LoadedTemplate};
use crate::source::{Kind, Node};

rule! {
    /// Table that DynamoDB refuses
    ///
    /// # What it does
    /// Checks the capacity of tables and their indexes against the billing mode, the order of key attributes, index projections,
    /// that a table with local secondary indexes has a sort key, and that a global table with several replicas has a stream and each
    /// replica a Region of its own.
    ///
    /// Source: DynamoDB's [CreateTable](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html).
    ///
    /// # Why is this bad
    /// DynamoDB refuses to create the table, and the deployment fails.
    ///
    /// # Example
    /// ```yaml
    /// FilesTable:
    ///   Type: AWS::DynamoDB::Table
    ///   Properties:
    ///     AttributeDefinitions: [{AttributeName: fileName, AttributeType: S}]
    ///     KeySchema: [{AttributeName: fileName, KeyType: HASH}]
    /// ```
    ///
    /// # Use instead
    /// ```yaml
    /// FilesTable:
    ///   Type: AWS::DynamoDB::Table
    ///   Properties:
    ///     BillingMode: PAY_PER_REQUEST
    ///     AttributeDefinitions: [{AttributeName: fileName, AttributeType: S}]
    ///     KeySchema: [{AttributeName: fileName, KeyType: HASH}]
    /// ```
    pub(super) static RULE: "CFN411", "table-refused", Error = Stack(check);
}

fn check(stack: &LoadedStack, findings: &mut Findings<'_>) {
    let Some(template) = stack.template.as_ref().filter(|template| !template.other_transforms) else { return };
    for (id, resource) in &template.resources {
        let global = match ResourceType::of(&resource.resource_type) {
            Some(ResourceType::DynamoDbTable) => false,
            Some(ResourceType::DynamoDbGlobalTable) => true,
            _ => continue,
        };
        let Some(properties) = template.properties(id).filter(|node| is_plain(node)) else { continue };
        let mut judge = Judge { template, id, findings };
        judge.capacity(properties, global);
        judge.keys(properties);
        judge.indexes(properties);
        if global {
            judge.replicas(properties);
        }
    }
}

/// Holds one table against DynamoDB's rules.
struct Judge<'a, 'b, 'c> {
    template: &'a LoadedTemplate,
    id: &'a str,
    findings: &'b mut Findings<'c>,
}

impl<'a> Judge<'a, '_, '_> {
    fn at(&mut self, pointer: &str, node: &Node, message: String) -> &mut crate::lint::Finding {
        let place = self.template.place(self.id, pointer, node);
        self.findings.add(place, format!("DynamoDB refuses the table: {message}"))
    }

    fn capacity(&mut self, properties: &'a Node, global: bool) {
        let name = if global { "WriteProvisionedThroughputSettings" } else { "ProvisionedThroughput" };
        let mode = match properties.get("BillingMode") {
            None => "PROVISIONED",
            Some(node) if is_plain(node) => node.as_str().unwrap_or_default(),
            Some(_) => return,
        };
        let indexes = properties.get("GlobalSecondaryIndexes").map_or(&[][..], Node::items).iter().enumerate();
        let of_indexes = indexes
            .filter(|(_, index)| is_plain(index))
            .map(|(at, index)| (index, format!("/GlobalSecondaryIndexes/{at}"), "each index of it"));
        for (node, pointer, what) in std::iter::once((properties, String::new(), "it")).chain(of_indexes) {
            match (mode, node.get(name)) {
                ("PROVISIONED", None) => {
                    let message = format!("without `BillingMode: PAY_PER_REQUEST`, {what} needs `{name}`");
                    let place =
                        self.template.resources.get(self.id).filter(|_| pointer.is_empty()).map(|r| r.place.clone());
                    let place = place.unwrap_or_else(|| self.template.place(self.id, &pointer, node));
                    let finding = self.findings.add(place, format!("DynamoDB refuses the table: {message}"));
                    finding.help("`BillingMode: PAY_PER_REQUEST` needs no capacity");
                }
                ("PAY_PER_REQUEST", Some(given)) if is_plain(given) && !is_zero(given) => {
                    let message = format!("with `BillingMode: PAY_PER_REQUEST` there is no `{name}`");
                    self.at(&format!("{pointer}/{name}"), given, message).help("remove one of the two");
                }
                _ => {}
            }
        }
    }

    /// The replicas of a global table: each in a Region of its own, and fed by a
    /// [stream](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-globaltable.html).
    fn replicas(&mut self, properties: &'a Node) {
        let Some(replicas) = properties.get("Replicas").filter(|node| is_plain(node)) else { return };
        let mut regions: Vec<&str> = Vec::new();
        for (at, replica) in replicas.items().iter().enumerate() {
            let Some(region) = known(replica, "Region") else { continue };
            if regions.contains(&region) {
                self.at(&format!("/Replicas/{at}"), replica, format!("two replicas are in `{region}`"));
            }
            regions.push(region);
        }
        let surely_several = replicas.items().iter().filter(|replica| is_plain(replica)).count() > 1;
        if surely_several
            && properties.get("StreamSpecification").is_none()
            && properties.get("MultiRegionConsistency").is_none()
        {
            let message = "a table with several replicas needs a `StreamSpecification`".to_owned();
            self.at("/Replicas", replicas, message).help("`StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}`");
        }
    }

    fn keys(&mut self, properties: &'a Node) {
        let lists = ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"].into_iter().flat_map(|list| {
            let items = properties.get(list).map_or(&[][..], Node::items).iter().enumerate();
            items.map(move |(at, index)| (index, format!("/{list}/{at}")))
        });
        for (node, pointer) in std::iter::once((properties, String::new())).chain(lists) {
            let key = node.get("KeySchema").map_or(&[][..], Node::items);
            let kinds: Vec<Option<&str>> = key.iter().map(|element| known(element, "KeyType")).collect();
            let range = kinds.iter().position(|kind| *kind == Some("RANGE"));
            let hash = kinds.iter().rposition(|kind| *kind == Some("HASH"));
            if let (Some(range), Some(hash)) = (range, hash)
                && range < hash
            {
                let pointer = format!("{pointer}/KeySchema/{range}");
                self.at(
                    &pointer,
                    &key[range],
                    "the `HASH` attributes of a key come before the `RANGE` attributes".to_owned(),
                );
            }
            for (at, element) in key.iter().enumerate() {
                let Some(kind) = known(element, "KeyType").filter(|kind| !["HASH", "RANGE"].contains(kind)) else {
                    continue;
                };
                self.at(
                    &format!("{pointer}/KeySchema/{at}"),
                    element,
                    format!("a `KeyType` is `HASH` or `RANGE`, not `{kind}`"),
                );
            }
        }
    }

    fn indexes(&mut self, properties: &'a Node) {
        let mut names: Vec<&str> = Vec::new();
        for list in ["GlobalSecondaryIndexes", "LocalSecondaryIndexes"] {
            let Some(indexes) = properties.get(list).filter(|node| is_plain(node)) else { continue };
            for (at, index) in indexes.items().iter().enumerate().filter(|(_, index)| is_plain(index)) {
                let pointer = format!("/{list}/{at}");
                if let Some(name) = known(index, "IndexName") {
                    if names.contains(&name) {
                        self.at(&pointer, index, format!("two indexes are called `{name}`"));
                    }
                    names.push(name);
                }
                if list == "LocalSecondaryIndexes" {
                    self.local(properties, index, &pointer);
                }
                let Some(projection) = index.get("Projection").filter(|node| is_plain(node)) else { continue };
                let included = projection.get("NonKeyAttributes");
                self.repeated(properties, index, included, &pointer);
                match (known(projection, "ProjectionType"), included) {
                    (Some("INCLUDE"), None) => {
                        self.at(
                            &pointer,
                            projection,
                            "an index that projects `INCLUDE` lists `NonKeyAttributes`".to_owned(),
                        );
                    }
                    (Some("ALL" | "KEYS_ONLY"), Some(node)) if is_plain(node) && !node.items().is_empty() => {
                        let message = "`NonKeyAttributes` are for `ProjectionType: INCLUDE`".to_owned();
                        self.at(&format!("{pointer}/Projection/NonKeyAttributes"), node, message);
                    }
                    (None, _) if projection.get("ProjectionType").is_none() => {
                        self.at(
                            &format!("{pointer}/Projection"),
                            projection,
                            "a projection needs a `ProjectionType`".to_owned(),
                        );
                    }
                    _ => {}
                }
            }
        }
    }

    /// Key attributes are in every index, so none of them is listed again. An engine may take it, so this is not an error.
    fn repeated(&mut self, properties: &Node, index: &Node, included: Option<&Node>, pointer: &str) {
        let schemas = [index, properties].into_iter().filter_map(|of| of.get("KeySchema"));
        let keys: Vec<&str> =
            schemas.flat_map(Node::items).filter_map(|element| known(element, "AttributeName")).collect();
        for (at, node) in included.map_or(&[][..], Node::items).iter().enumerate() {
            let Some(name) = node.as_str().filter(|name| is_plain(node) && keys.contains(name)) else { continue };
            let place = self.template.place(self.id, &format!("{pointer}/Projection/NonKeyAttributes/{at}"), node);
            let message =
                format!("`{name}` is a key attribute, and every index has those: it is not a non-key attribute");
            self.findings.add(place, message).severity(Severity::Warning).help("remove it");
        }
    }

    /// A local index has the partition key of its table, and sorts otherwise.
    fn local(&mut self, properties: &Node, index: &Node, pointer: &str) {
        let Some(key) = properties.get("KeySchema").filter(|node| is_plain(node) && node.items().iter().all(is_plain))
        else {
            return;
        };
        let hash = |key: &'_ Node| {
            let element = key.items().iter().find(|element| known(element, "KeyType") == Some("HASH"))?;
            known(element, "AttributeName").map(str::to_owned)
        };
        if key.items().len() == 1 {
            self.at(pointer, index, "a table with local indexes has a sort key".to_owned());
        }
        if let (Some(of_table), Some(of_index)) = (hash(key), index.get("KeySchema").and_then(hash))
            && of_table != of_index
        {
            self.at(pointer, index, format!("the partition key of a local index is the table's, `{of_table}`"));
        }
    }
}

/// Whether a value says itself what it is.
fn is_plain(node: &Node) -> bool {
    Call::of(node).is_none()
        && node.tag.is_none()
        && node.as_str().is_none_or(|text| !text.contains("${") && !text.contains("{{"))
}

fn known<'a>(node: &'a Node, name: &str) -> Option<&'a str> {
    node.get(name).filter(|node| is_plain(node))?.as_str()
}

/// Units of 0, which on-demand tables are described with.
fn is_zero(node: &Node) -> bool {
    !node.entries().is_empty() && node.entries().iter().all(|(_, units)| units.kind == Kind::Integer(0))
}
