import { Stack } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Chain, DefinitionBody, JsonPath, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { DynamoAttributeValue, DynamoPutItem } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';

interface Props {
  readonly table: ITable;
}

/** What is done with each file. */
export class WorkflowStack extends Stack {
  readonly machine: StateMachine;

  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    const record = new DynamoPutItem(this, 'Record', {
      table: props.table,
      item: {
        Key: DynamoAttributeValue.fromString(JsonPath.stringAt('$.detail.object.key')),
        Size: DynamoAttributeValue.numberFromString(JsonPath.format('{}', JsonPath.stringAt('$.detail.object.size'))),
      },
    });
    this.machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(Chain.start(record)),
    });
  }
}
