import { readConfig } from '../../../src/config';
import { differentSettings } from '../../../src/domain/shared-settings';
import { sharedSettings } from '../../../src/server/shared-settings';

test('O4 settings that other nodes have otherwise are named, with how many these are', () => {
  const own = { SECRET: 'a', version: '1', MINIMUM_AGE: 'x' };
  expect(differentSettings(own, [])).toEqual([]);
  const others = [own, { ...own, SECRET: 'b' }, { ...own, SECRET: 'c', version: '2' }];
  expect(differentSettings(own, others)).toEqual([
    { setting: 'SECRET', nodes: 2 },
    { setting: 'version', nodes: 1 },
  ]);
});

test('O4 a node that does not name a setting does not differ in it', () => {
  expect(differentSettings({ SECRET: 'a' }, [{}])).toEqual([]);
});

test('O4 marks are the same for the same settings, and say nothing of a value', () => {
  const marks = (environment: Record<string, string>) => sharedSettings(readConfig(environment), 'mark');
  expect(marks({})).toEqual(marks({ MINIMUM_AGE: '18', PORT: '3001' }));
  expect(marks({ MINIMUM_AGE: '16' })['MINIMUM_AGE']).not.toBe(marks({})['MINIMUM_AGE']);
  expect(JSON.stringify(marks({ PUBLIC_URL: 'https://chat.example.org' }))).not.toContain('example');
});
