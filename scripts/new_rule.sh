#!/usr/bin/env bash
# Makes the files of a new lint rule: scripts/new_rule.sh CFN412 table-class
set -euo pipefail
cd "$(dirname "$0")/.."
id=${1:?expected a rule id such as CFN412} name=${2:?expected a name such as table-class}
[[ $id =~ ^[A-Z]+[0-9]{3}$ ]] || { echo "expected an id such as CFN412, not \`$id\`" >&2; exit 2; }
[[ $name =~ ^[a-z]+(-[a-z0-9]+)*$ ]] || { echo "expected a name such as table-class, not \`$name\`" >&2; exit 2; }
family=$(tr -d '0-9' <<<"$id" | tr '[:upper:]' '[:lower:]')
folder=src/lint/rules/$family file=src/lint/rules/$family/${name//-/_}.rs
[ -d "$folder" ] || { echo "there is no family $folder" >&2; exit 2; }
for made in "$file" "tests/lint/${id}_fail.yaml" "tests/lint/${id}_pass.yaml"; do
  [ ! -e "$made" ] || { echo "$made is there already" >&2; exit 2; }
done
cat >"$file" <<RUST
use crate::lint::Findings;
use crate::lint::rule::rule;
use crate::loaded::LoadedStack;

rule! {
    /// TODO: the title, which says what is wrong: \`Unknown state type\`
    ///
    /// # What it does
    /// TODO
    ///
    /// # Why is this bad
    /// TODO: what AWS does, and where it says so.
    ///
    /// # Example
    /// \`\`\`yaml
    /// TODO
    /// \`\`\`
    ///
    /// # Use instead
    /// \`\`\`yaml
    /// TODO
    /// \`\`\`
    pub(super) static RULE: "$id", "$name", Warning = Stack(check);
}

fn check(_stack: &LoadedStack, _findings: &mut Findings<'_>) {}
RUST
printf 'Resources: {}\n' | tee "tests/lint/${id}_fail.yaml" >"tests/lint/${id}_pass.yaml"
echo "made $file and its fixtures; add \`mod ${name//-/_};\` and \`&${name//-/_}::RULE\` to $folder/mod.rs"
