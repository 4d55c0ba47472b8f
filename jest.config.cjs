/** Four projects, so that `npm test -- --selectProjects unit` runs what needs no worker or browser. */
const common = {
  testEnvironment: 'node',
  transform: {
    '^.+\\.tsx?$': '@swc/jest',
    '\\.lua$': '<rootDir>/scripts/testing/text-transform.cjs',
  },
  rootDir: __dirname,
};
module.exports = {
  // Real browsers and media on a busy machine of two cores; what waits for something names its own, shorter limit.
  testTimeout: 60_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    { ...common, displayName: 'contract', testMatch: ['<rootDir>/test/contract/**/*.test.ts'] },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts'] },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
