import { registries } from '@taggerjs/experiment';

if (registries.mappings.ladder({ sizes: [4] }).config.type !== 'ladder') throw new Error('not a Ladder');

console.log('ok');
