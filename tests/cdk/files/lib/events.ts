import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

interface Props {
  readonly bucket: IBucket;
  readonly machine: IStateMachine;
}

/** What starts the workflow. */
export class EventsStack extends Stack {
  constructor(scope: Construct, id: string, props: Props) {
    super(scope, id);
    new Rule(this, 'Created', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [props.bucket.bucketName] } },
      },
      targets: [new SfnStateMachine(props.machine)],
    });
  }
}
