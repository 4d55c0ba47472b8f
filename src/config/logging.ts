import { z } from 'zod';
import { defineFeature, variable, type ValuesOf } from './variable';

export const logging = defineFeature('Logging', {
  LOG_LEVEL: variable({
    schema: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']),
    default: 'info',
    description:
      'How much is logged: `silent`, `fatal`, `error`, `warn`, `info`, `debug` or `trace`. Logs are lines of JSON without secrets and addresses.',
  }),
});

export interface LoggingConfig {
  readonly level: string;
}

export const loggingConfig = (values: ValuesOf<typeof logging>): LoggingConfig => ({
  level: values.LOG_LEVEL,
});
