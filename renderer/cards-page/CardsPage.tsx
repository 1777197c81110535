export function CardsPage({ zoom }: { readonly zoom: number }) {
  return <p>{zoom}</p>
}
