import { Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, QueryLanguage, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

/** A machine in JSONata that gets some fields of the event. */
export class EventFieldStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bucket = new Bucket(this, 'Photos', { eventBridgeEnabled: true });
    const table = new Table(this, 'Sizes', { partitionKey: { name: 'Key', type: AttributeType.STRING } });
    const record = CallAwsService.jsonata(this, 'RecordSize', {
      service: 'dynamodb',
      action: 'putItem',
      iamResources: [table.tableArn],
      parameters: {
        TableName: table.tableName,
        Item: { Key: { S: '{% $states.input.key %}' }, Size: { N: '{% $string($states.input.size) %}' } },
      },
    });
    const machine = new StateMachine(this, 'Sizer', {
      queryLanguage: QueryLanguage.JSONATA,
      definitionBody: DefinitionBody.fromChainable(record),
    });
    new Rule(this, 'Uploaded', {
      eventPattern: { source: ['aws.s3'], detailType: ['Object Created'], detail: { bucket: { name: [bucket.bucketName] } } },
      targets: [
        new SfnStateMachine(machine, {
          input: RuleTargetInput.fromObject({
            key: EventField.fromPath('$.detail.object.key'),
            size: EventField.fromPath('$.detail.object.size'),
          }),
        }),
      ],
    });
  }
}
