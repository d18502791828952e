import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { App } from '../app-type.ts';
import { withAnswers } from './answers.ts';

const wordmark = `<svg xmlns="http://www.w3.org/2000/svg" width="150" height="30" viewBox="0 0 150 30">
<path d="M6 26V12c0-5 4-8 10-8 0 6-4 9-10 9M6 17c-3 0-5-2-5-5 3 0 5 2 5 5" fill="none" stroke="#5fd38d" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/>
<text x="24" y="22" font-family="system-ui, sans-serif" font-size="20" font-weight="600" fill="#fff">Perennial</text></svg>`;

/** There is one document only: nothing to choose by its address. */
const theme = `
.swagger-ui .topbar .download-url-wrapper { display: none }
.swagger-ui .topbar .topbar-wrapper { flex-direction: row; justify-content: space-between }`;

/** OpenAPI of all routes that are registered after it, at /docs/json, and a page to read and try them, at /docs. */
export async function documentation(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'Perennial',
        version: '1',
        description:
          'Start and watch machine-learning workflows, read their predictions and the retraining decisions, translate. Errors are problem documents (RFC 9457) with a stable `code` and a `remedy`.',
      },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: ({ schema, url, route }) => {
      const role = route.config?.role;
      return { url, schema: { ...schema, ...(role ? { 'x-role': role } : { security: [] }) } };
    },
    transformObject: (made) => ('openapiObject' in made ? withAnswers(made.openapiObject) : made.swaggerObject),
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    logo: { type: 'image/svg+xml', content: Buffer.from(wordmark), href: '/docs' },
    // Closed groups are an overview of more than a hundred routes; the key stays over a reload.
    uiConfig: { docExpansion: 'none', filter: true, persistAuthorization: true },
    theme: {
      title: 'Perennial: the API',
      css: [{ filename: 'theme.css', content: theme }],
    },
  });
}
