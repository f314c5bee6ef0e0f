import { backends } from '@taggerjs/backends';

if (backends() !== 'backends') throw new Error('not its name');

console.log('ok');
