//! All that is wrong with a spec at once, as far as one fault does not hide another.

use super::record::Record;
use super::{CatalogError, api, bucket, extra, indexes, operations, parameters, promise, routes, table};
use crate::spec::{ExtraSpec, Spec};

/// Every fault that keeps a spec from being a stack; none, if [`stack`](super::stack) makes one of it.
pub fn faults(spec: &Spec) -> Vec<CatalogError> {
    let Err(first) = super::stack(spec) else { return Vec::new() };
    let mut faults: Vec<CatalogError> = promise::faults(spec).collect();
    faults.extend(parameters::faults(spec));
    faults.extend(operations::check_stack_name(spec).err());
    faults.extend(bucket::faults(spec));
    faults.extend(routes::faults(spec));
    faults.extend(api::faults(spec));
    match Record::of(spec) {
        Ok(record) => faults.extend(indexes::faults(spec, &record)),
        Err(error) => faults.push(error),
    }
    faults.extend(table::faults(spec));
    // What the user adds can only be compared with what the rest of the spec becomes.
    if let Ok(blueprint) = super::blueprint(spec) {
        let template = blueprint.template.so_far();
        faults.extend(parameters::wrong_exports(spec, template));
        faults.extend(parameters::taken_names(spec, template));
        if let Some(ExtraSpec::Sections(extra)) = &spec.extra {
            // The names of parameters are among those that it can refer to.
            let mut template = blueprint.template.clone();
            if parameters::add(spec, &mut template).is_ok() {
                faults.extend(extra::faults(extra, template.so_far()));
            }
        }
    }
    if !faults.contains(&first) {
        faults.insert(0, first);
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::tests::parsed;

    #[test]
    fn one_fault_does_not_hide_another() {
        let text = "{stack: {name: a-stack-whose-name-is-longer-than-any-rule-could-take-it}, dashboard: true, bucket: {existing: photos, tls_only: true, \
            name: photos}, events: {deleted: remove}, backfill: {}, indexes: [{name: byA, partition: nothing}, {name: byB, partition: none}], \
            routes: [{name: A, wildcard: 'a*', prefix: b}, {name: A, pattern: {source: [x]}, suffix: c}]}";
        let spec = parsed(text);
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
        let added = "{parameters: {A: {type: Number, default: x}, B: {min_value: 1}}, outputs: {X: {export: a}, Y: {export: b}}, \
            table: {existing: files, name: other, deletion_protection: true}, \
            extra: {Resources: {FilesBucket: {Type: X}, My-Topic: {Type: X}, T: {}, U: {Type: X, Properties: {a: !Ref V, b: !Ref W}}}}}";
        let spec = parsed(added);
        let pointers: Vec<String> =
            faults(&spec).iter().filter_map(|fault| fault.pointer().map(str::to_owned)).collect();
        let of_table = ["/table/name", "/table/deletion_protection"];
        assert_eq!(pointers, [&["/parameters/A/default", "/parameters/B/min_value"][..], &of_table].concat());
        let spec = parsed(
            &added
                .replace("existing: files, name", "name")
                .replace("default: x", "default: 1")
                .replace("min_value: 1", ""),
        );
        let pointers: Vec<String> =
            faults(&spec).iter().filter_map(|fault| fault.pointer().map(str::to_owned)).collect();
        let expected = [
            "/outputs/X",
            "/outputs/Y",
            "/extra/Resources/My-Topic",
            "/extra/Resources/FilesBucket",
            "/extra/Resources/T",
            "/extra/Resources/U/Properties/a/Ref",
            "/extra/Resources/U/Properties/b/Ref",
        ];
        assert_eq!(pointers, expected);
        assert_eq!(faults(&Spec::default()), []);
    }
}
