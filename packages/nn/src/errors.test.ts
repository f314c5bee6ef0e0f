import { TaggerError } from './errors';

it('is an error with a name, a stable code and a cause', () => {
  const cause = new Error('underneath');
  const error = new TaggerError('INVALID_FILE', 'what to do', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'TaggerError', code: 'INVALID_FILE', message: 'what to do', cause });
  expect(new TaggerError('INVALID_FILE', 'what to do').cause).toBeUndefined();
});
