import { App, Stack, Stage } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import { Construct } from 'constructs';
import { DataStack } from '../../files/lib/data';
import { EventsStack } from '../../files/lib/events';
import { WorkflowStack } from '../../files/lib/workflow';

/** The app of three stacks, once for each stage. */
class Files extends Stage {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const data = new DataStack(this, 'Data');
    const workflow = new WorkflowStack(this, 'Workflow', { table: data.table });
    new EventsStack(this, 'Events', { bucket: data.bucket, machine: workflow.machine });
  }
}

const app = new App();
const stack = new Stack(app, 'Pipeline');
const source = CodePipelineSource.s3(new Bucket(stack, 'Source'), 'source.zip');
const pipeline = new CodePipeline(stack, 'Release', {
  synth: new ShellStep('Synth', { input: source, commands: ['npm ci', 'npx cdk synth'] }),
});
pipeline.addStage(new Files(app, 'Beta'));
pipeline.addStage(new Files(app, 'Prod'));
