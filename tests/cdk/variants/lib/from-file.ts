import { Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { join } from 'path';

/** A definition in a file of its own, with substitutions. */
export class FromFileStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bucket = new Bucket(this, 'Files', { eventBridgeEnabled: true });
    const table = new Table(this, 'Records', { partitionKey: { name: 'Key', type: AttributeType.STRING } });
    const machine = new StateMachine(this, 'Recorder', {
      definitionBody: DefinitionBody.fromFile(join(__dirname, 'record.asl.json')),
      definitionSubstitutions: { TableName: table.tableName, Stage: 'test' },
    });
    table.grantWriteData(machine);
    new Rule(this, 'Created', {
      eventPattern: { source: ['aws.s3'], detailType: ['Object Created'], detail: { bucket: { name: [bucket.bucketName] } } },
      targets: [new SfnStateMachine(machine)],
    });
  }
}
