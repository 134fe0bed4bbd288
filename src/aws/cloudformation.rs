//! The words of CloudFormation's [templates](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html).

use super::words::words;

words! {
    /// A [pseudo parameter](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html): what
    /// CloudFormation knows of the stack that it deploys.
    Pseudo {
        /// The account's id.
        AccountId = "AWS::AccountId",
        /// As the value of a property: as if the property were not there.
        NoValue = "AWS::NoValue",
        /// The ARNs of the topics that hear of what happens to the stack: a list.
        NotificationArns = "AWS::NotificationARNs",
        /// `aws`, `aws-cn` or `aws-us-gov`: the second part of every ARN.
        Partition = "AWS::Partition",
        /// The Region's name: `eu-central-1`.
        Region = "AWS::Region",
        /// The stack's ARN.
        StackId = "AWS::StackId",
        /// The stack's name.
        StackName = "AWS::StackName",
        /// `amazonaws.com`, or what the partition has in its place: the end of every host.
        UrlSuffix = "AWS::URLSuffix",
    }
}

/// The only [version](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/format-version-structure.html) of the format.
pub const FORMAT_VERSION: &str = "2010-09-09";

/// The sections of a template; `Globals` is SAM's.
pub const SECTIONS: [&str; 12] = [
    "AWSTemplateFormatVersion",
    "Description",
    "Metadata",
    "Parameters",
    "Rules",
    "Mappings",
    "Conditions",
    "Transform",
    "Resources",
    "Outputs",
    "Hooks",
    "Globals",
];

/// What a resource has beside its properties:
/// [attributes](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html), and those of
/// [SAM](https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-resources-and-properties.html).
pub const OF_RESOURCES: [&str; 11] = [
    "Type",
    "Properties",
    "DependsOn",
    "Condition",
    "Metadata",
    "CreationPolicy",
    "UpdatePolicy",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Connectors",
    "IgnoreGlobals",
];

/// What happens to a resource when it [leaves the
/// stack](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html).
pub const DELETION_POLICIES: [&str; 4] = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];

/// What happens to a resource when it is [replaced by
/// another](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html).
pub const UPDATE_REPLACE_POLICIES: [&str; 3] = ["Delete", "Retain", "Snapshot"];

/// The intrinsic [functions](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html), without `Fn::`, those
/// of rules and of the language extensions among them.
pub const FUNCTIONS: [&str; 27] = [
    "And",
    "Base64",
    "Cidr",
    "Condition",
    "Contains",
    "EachMemberEquals",
    "EachMemberIn",
    "Equals",
    "FindInMap",
    "ForEach",
    "GetAZs",
    "GetAtt",
    "If",
    "ImportValue",
    "Join",
    "Length",
    "Not",
    "Or",
    "Ref",
    "RefAll",
    "Select",
    "Split",
    "Sub",
    "ToJsonString",
    "Transform",
    "ValueOf",
    "ValueOfAll",
];

/// Those that have a [short form](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html) in YAML: `!Ref`.
pub const SHORT_FORMS: [&str; 18] = [
    "Ref",
    "GetAtt",
    "Sub",
    "If",
    "Join",
    "Select",
    "Split",
    "FindInMap",
    "ImportValue",
    "Equals",
    "Not",
    "And",
    "Or",
    "Condition",
    "Base64",
    "Cidr",
    "GetAZs",
    "Transform",
];

/// The transform that puts a file into a template.
pub const INCLUDE: &str = "AWS::Include";

/// The transforms that AWS [hosts](https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/transform-reference.html).
pub const TRANSFORMS: [&str; 8] = [
    "AWS::CodeDeployBlueGreen",
    "AWS::CodeStar",
    INCLUDE,
    "AWS::LanguageExtensions",
    "AWS::SecretsManager-2020-07-23",
    "AWS::SecretsManager-2024-09-16",
    "AWS::Serverless-2016-10-31",
    "AWS::ServiceCatalog",
];

/// The types of [parameters](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html) that are not of a
/// service: those begin with `AWS::`, lists of them with `List<`.
pub const PARAMETER_TYPES: [&str; 4] = ["String", "Number", "List<Number>", "CommaDelimitedList"];

/// Whether a parameter can have this type: AWS adds types of its own from time to time, so any of theirs counts.
pub fn is_parameter_type(text: &str) -> bool {
    let element = text.strip_prefix("List<").map_or(Some(text), |rest| rest.strip_suffix('>'));
    PARAMETER_TYPES.contains(&text) || element.is_some_and(|element| element.starts_with("AWS::"))
}

/// The properties of a [parameter](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html).
pub const OF_PARAMETERS: [&str; 11] = [
    "Type",
    "Default",
    "Description",
    "AllowedValues",
    "AllowedPattern",
    "ConstraintDescription",
    "MinLength",
    "MaxLength",
    "MinValue",
    "MaxValue",
    "NoEcho",
];

/// The fields of an [output](https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/outputs-section-structure.html).
pub const OF_OUTPUTS: [&str; 4] = ["Description", "Value", "Export", "Condition"];
