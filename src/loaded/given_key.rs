/// The key of a table that somebody else made: each attribute with its type, `S`, `N` or `B`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenKey {
    /// The partition key.
    pub partition: (String, String),
    /// The sort key, if there is one.
    pub sort: Option<(String, String)>,
}

impl GivenKey {
    /// Whether another key has the same attributes, in whichever order.
    pub(crate) fn has_attributes_of(&self, other: &Self) -> bool {
        let swapped = self
            .sort
            .as_ref()
            .is_some_and(|sort| sort == &other.partition && other.sort.as_ref() == Some(&self.partition));
        self == other || swapped
    }
}

/// As it is given: `pk` or `pk,sk:N`.
impl std::fmt::Display for GivenKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let attribute = |(name, kind): &(String, String)| match kind.as_str() {
            "S" => name.clone(),
            kind => format!("{name}:{kind}"),
        };
        f.write_str(&attribute(&self.partition))?;
        self.sort.as_ref().map_or(Ok(()), |sort| write!(f, ",{}", attribute(sort)))
    }
}

impl std::str::FromStr for GivenKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let attribute = |text: &str| match text.rsplit_once(':') {
            _ if text.is_empty() => Err("an attribute has no name".to_owned()),
            None => Ok((text.to_owned(), "S".to_owned())),
            Some((name, kind)) if !name.is_empty() && ["S", "N", "B"].contains(&kind) => {
                Ok((name.to_owned(), kind.to_owned()))
            }
            Some((_, kind)) => Err(format!("a key attribute cannot have the type `{kind}`; expected S, N or B")),
        };
        match text.split(',').collect::<Vec<_>>().as_slice() {
            [partition] => Ok(Self { partition: attribute(partition)?, sort: None }),
            [partition, sort] => Ok(Self { partition: attribute(partition)?, sort: Some(attribute(sort)?) }),
            _ => Err("a key needs one or two attributes: `fileName` or `fileName,lastModified`".to_owned()),
        }
    }
}
