import { App } from 'aws-cdk-lib';
import { DataStack } from '../lib/data';
import { WorkflowStack } from '../lib/workflow';
import { EventsStack } from '../lib/events';

const app = new App();
const data = new DataStack(app, 'Data');
const workflow = new WorkflowStack(app, 'Workflow', { table: data.table });
new EventsStack(app, 'Events', { bucket: data.bucket, machine: workflow.machine });
