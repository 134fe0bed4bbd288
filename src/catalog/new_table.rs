use super::key::by_key;
use super::{CatalogError, retained, tags};
use crate::spec::Spec;
use crate::stack::{EncryptionKey, Handle, Table, TemplateBuilder};

/// Adds a table, with what the spec says about the safety of all of them.
pub(super) fn add(
    spec: &Spec,
    template: &mut TemplateBuilder,
    name: &str,
    table: Table,
    key: Option<&EncryptionKey>,
) -> Result<Handle<Table>, CatalogError> {
    let mut table = table;
    if spec.table.deletion_protection {
        table = table.protected_from_deletion();
    }
    if spec.table.point_in_time_recovery {
        table = table.recoverable();
    }
    if let Some(key) = key.filter(|_| by_key(spec.table.encryption)) {
        table = table.encrypted_with(key);
    }
    retained::add(spec, template, name, table.tagged(tags::listed(spec)))
}
