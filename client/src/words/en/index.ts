import { faults } from './faults';
import { landing } from './landing';
import { meeting } from './meeting';
import { settings } from './settings';

export const en = { ...landing, ...meeting, ...faults, ...settings } as const;
