import { NestedStack, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, JsonPath, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { DynamoAttributeValue, DynamoPutItem } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

/** A bucket and a table in one nested stack, the machine in another one, and the rule above them. */
export class NestingStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const storage = new NestedStack(this, 'Storage');
    const bucket = new Bucket(storage, 'Inbox', { eventBridgeEnabled: true });
    const table = new Table(storage, 'Seen', { partitionKey: { name: 'Key', type: AttributeType.STRING } });
    const work = new NestedStack(this, 'Work');
    const note = new DynamoPutItem(work, 'NoteFile', {
      table,
      item: { Key: DynamoAttributeValue.fromString(JsonPath.stringAt('$.detail.object.key')) },
    });
    const machine = new StateMachine(work, 'Noter', { definitionBody: DefinitionBody.fromChainable(note) });
    new Rule(this, 'Arrived', {
      eventPattern: { source: ['aws.s3'], detailType: ['Object Created'], detail: { bucket: { name: [bucket.bucketName] } } },
      targets: [new SfnStateMachine(machine)],
    });
  }
}
