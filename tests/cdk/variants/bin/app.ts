import { App } from 'aws-cdk-lib';
import { EventFieldStack } from '../lib/event-field';
import { FromFileStack } from '../lib/from-file';
import { NestingStack } from '../lib/nesting';
import { SweepStack } from '../lib/sweep';

const app = new App();
new FromFileStack(app, 'FromFile');
new EventFieldStack(app, 'EventField');
new NestingStack(app, 'Nesting');
new SweepStack(app, 'Sweep');
