/** GET /api/admin/campaigns/{id}/chance, of which a packet's own numbers stand in the overview. */
export interface ChanceNumbers {
  lottery: {
    drawn: number
    commitment: string
    seed: string | null
    prizes: { offer: string; odds_ppm: number; quantity: number | null; hit: number; won: number; expected: number }[]
    chi_square: number
    freedom: number
    bound: number
    agrees: boolean | null
  } | null
}
