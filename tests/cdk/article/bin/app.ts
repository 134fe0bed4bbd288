import { App, Stack } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Choice, Condition, DefinitionBody, JsonPath, StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService, DynamoAttributeValue, DynamoPutItem, DynamoUpdateItem } from 'aws-cdk-lib/aws-stepfunctions-tasks';

// The walk-through's stack (docs/faults.md) as the CDK has it, with every one of its faults that the CDK lets through.
const stack = new Stack(new App(), 'Catalog');
const bucket = new Bucket(stack, 'FilesBucket', { eventBridgeEnabled: true });
const table = new Table(stack, 'FilesTable', {
  partitionKey: { name: 'fileName', type: AttributeType.STRING },
  sortKey: { name: 'lastModified', type: AttributeType.STRING },
  billingMode: BillingMode.PAY_PER_REQUEST,
});

const query = new CallAwsService(stack, 'Query', {
  service: 'dynamodb',
  action: 'query',
  iamResources: [table.tableArn],
  parameters: {
    TableName: table.tableName,
    KeyConditionExpression: 'fileName = :fileName',
    ExpressionAttributeValues: { ':fileName': { S: JsonPath.stringAt('$.detail.object.key') } },
  },
  resultPath: '$.dynamoDbResult',
});

const update = new DynamoUpdateItem(stack, 'UpdateObject', {
  table,
  key: { fileName: DynamoAttributeValue.fromString('$.detail.object.key') },
  updateExpression: 'set lastModified : lastModified',
  expressionAttributeValues: { ':lastModified': DynamoAttributeValue.fromString('$.time') },
});

const put = new DynamoPutItem(stack, 'PutObject', {
  table,
  item: {
    fileName: DynamoAttributeValue.fromString('$.detail.object.key'),
    lastModified: DynamoAttributeValue.fromString('$.time'),
  },
});

const exists = new Choice(stack, 'ObjectExists')
  .when(Condition.numberGreaterThan('$.dynamoDbResult.Items', 0), update.next(new Succeed(stack, 'ObjectUpdated')))
  .otherwise(put.next(new Succeed(stack, 'ObjectAdded')));

const machine = new StateMachine(stack, 'ObjectCreated', { definitionBody: DefinitionBody.fromChainable(query.next(exists)) });
machine.role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('CloudWatchLogsFullAccess'));

new Rule(stack, 'Created', {
  eventPattern: {
    source: ['aws.s3'],
    detailType: ['Object Created'],
    detail: { bucket: { name: [bucket.bucketName] } },
  },
  targets: [new SfnStateMachine(machine)],
});
