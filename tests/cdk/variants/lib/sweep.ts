import { Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DefinitionBody, DistributedMap, JsonPath, S3ObjectsItemReader, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { DynamoAttributeValue, DynamoPutItem } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

/** A Distributed Map over a bucket, every night. */
export class SweepStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const bucket = new Bucket(this, 'Archive');
    const table = new Table(this, 'Listing', { partitionKey: { name: 'Key', type: AttributeType.STRING } });
    const list = new DistributedMap(this, 'EachObject', { itemReader: new S3ObjectsItemReader({ bucket }), maxConcurrency: 10 });
    list.itemProcessor(
      new DynamoPutItem(this, 'ListObject', {
        table,
        item: { Key: DynamoAttributeValue.fromString(JsonPath.stringAt('$.Key')) },
      }),
    );
    const machine = new StateMachine(this, 'Sweeper', { definitionBody: DefinitionBody.fromChainable(list) });
    new Rule(this, 'Nightly', { schedule: Schedule.rate(Duration.days(1)), targets: [new SfnStateMachine(machine)] });
  }
}
