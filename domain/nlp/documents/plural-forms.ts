/** Languages whose rule is not that of English, as gettext's manual and its Unicode tables have them. */
const rules: readonly (readonly [languages: string, forms: number, rule: string])[] = [
  ['ja zh ko vi th id ms lo my ka', 1, '0'],
  ['fr pt-BR hy kab', 2, '(n > 1)'],
  ['ru uk be sr hr bs', 3, '(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)'],
  ['cs sk', 3, '((n==1) ? 0 : (n>=2 && n<=4) ? 1 : 2)'],
  ['pl', 3, '(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2)'],
  ['lt', 3, '(n%10==1 && n%100!=11 ? 0 : n%10>=2 && (n%100<10 || n%100>=20) ? 1 : 2)'],
  ['lv', 3, '(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2)'],
  ['ro', 3, '(n==1 ? 0 : (n==0 || (n%100 > 0 && n%100 < 20)) ? 1 : 2)'],
  ['sl', 4, '(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3)'],
  ['ga', 5, '(n==1 ? 0 : n==2 ? 1 : n<7 ? 2 : n<11 ? 3 : 4)'],
  ['ar', 6, '(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5)'],
];

/** How gettext counts in a language (BCP 47): the number of forms, and the header that says it. */
export function pluralForms(language: string): { readonly forms: number; readonly header: string } {
  const base = language.split('-')[0] as string;
  const found =
    rules.find(([languages]) => languages.split(' ').includes(language)) ??
    rules.find(([languages]) => languages.split(' ').includes(base));
  const [, forms, rule] = found ?? ['', 2, '(n != 1)'];
  return { forms, header: `nplurals=${forms}; plural=${rule};` };
}
