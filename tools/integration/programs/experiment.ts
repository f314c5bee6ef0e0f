import { experiment } from '@taggerjs/experiment';

if (experiment() !== 'experiment') throw new Error('not its name');

console.log('ok');
