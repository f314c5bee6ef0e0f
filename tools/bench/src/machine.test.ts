import { describeMachine, machineText } from './machine';

it('a machine without instructions for bfloat16 says so', () => {
  const text = (...instructions: string[]) => machineText({ ...describeMachine(), instructions });
  expect(text('avx2', 'avx512f')).toMatch(/avx512f; .*bfloat16/);
  expect(text('avx2', 'avx512_bf16')).not.toMatch(/slow/);
  expect(text('amx_bf16')).not.toMatch(/slow/);
});
