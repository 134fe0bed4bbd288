//! All that is wrong with a spec at once, as far as one fault does not hide another.

use super::record::Record;
use super::{CatalogError, api, bucket, indexes, operations, promise, routes};
use crate::spec::Spec;

/// Every fault that keeps a spec from being a stack; none, if [`stack`](super::stack) makes one of it.
pub fn faults(spec: &Spec) -> Vec<CatalogError> {
    let Err(first) = super::stack(spec) else { return Vec::new() };
    let mut faults: Vec<CatalogError> = promise::faults(spec).collect();
    faults.extend(operations::check_stack_name(spec).err());
    faults.extend(bucket::faults(spec));
    faults.extend(routes::faults(spec));
    faults.extend(api::faults(spec));
    match Record::of(spec) {
        Ok(record) => faults.extend(indexes::faults(spec, &record)),
        Err(error) => faults.push(error),
    }
    if !faults.contains(&first) {
        faults.insert(0, first);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;
    use crate::spec::Document;

    #[test]
    fn one_fault_does_not_hide_another() {
        let text = "{stack: {name: a-stack-whose-name-is-longer-than-any-rule-could-take-it}, dashboard: true, bucket: {existing: photos, tls_only: true, \
            name: photos}, events: {deleted: remove}, backfill: {}, indexes: [{name: byA, partition: nothing}, {name: byB, partition: none}], \
            routes: [{name: A, wildcard: 'a*', prefix: b}, {name: A, pattern: {source: [x]}, suffix: c}]}";
        let spec = Document::parse(Source::new("spec", text)).map_err(|(_, fault)| fault).unwrap().spec;
        let pointers: Vec<String> = faults(&spec)
            .into_iter()
            .map(|fault| match fault {
                CatalogError::Choice { pointer, .. } | CatalogError::Index { pointer, .. } => pointer,
                CatalogError::StackNameTooLong { .. } => "/stack/name".to_owned(),
                other => other.to_string(),
            })
            .collect();
        let expected = [
            "/backfill",
            "/stack/name",
            "/bucket/name",
            "/bucket/tls_only",
            "/routes/1/name",
            "/routes/0/wildcard",
            "/routes/1/suffix",
            "/routes/1/pattern/source",
            "/indexes/0/partition",
            "/indexes/1/partition",
        ];
        assert_eq!(pointers, expected);
        assert_eq!(faults(&Spec::default()), []);
    }
}
