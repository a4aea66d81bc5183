// @ts-check
/** Queries that most questions begin with. Ids in the variables are those of the database that is served. */

/** @typedef {{name: string, about: string, query: string, variables?: (ids: {ringId: string, sellerId: string}) => object}} Ready */

/** @type {Ready[]} */
export const READY = [
  {
    name: "Rings and their evidence",
    about: "Surest first, with what members share",
    query: `query Rings($first: Int, $filter: RingFilter) {
  rings(first: $first, filter: $filter) {
    nodes {
      ringId
      tier
      sellerCount
      linkScore
      infringementScore
      evidence {
        kind
        value
        holderCount
        score
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`,
    variables: () => ({ first: 10, filter: { tiers: ["CLOSE", "REVIEW"] } }),
  },
  {
    name: "One ring, member by member",
    about: "Tier, role and the parts of each score",
    query: `query Ring($ringId: String!) {
  ring(ringId: $ringId) {
    ringId
    tier
    linkScore
    infringementScore
    members(first: 50) {
      edges {
        tier
        role
        linkScore
        whyNotCloser
        node {
          sellerId
          name
        }
        evidence {
          kind
          family
          value
          holderCount
          score
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
}
`,
    variables: ({ ringId }) => ({ ringId }),
  },
  {
    name: "One seller and its ring",
    about: "From a seller to its fellow members",
    query: `query Seller($sellerId: String!) {
  seller(sellerId: $sellerId) {
    id
    sellerId
    name
    country
    storeCount
    listingCount
    ring {
      ringId
      tier
      members {
        nodes {
          sellerId
          name
        }
      }
    }
  }
}
`,
    variables: ({ sellerId }) => ({ sellerId }),
  },
  {
    name: "Why a seller is in a ring",
    about: "Each part of its score, and who shares it",
    query: `query Why($sellerId: String!, $ringId: String!) {
  why(sellerId: $sellerId, ringId: $ringId) {
    tier
    linkScore
    logOdds
    families
    evidence {
      kind
      family
      value
      holderCount
      sellers
      score
    }
  }
}
`,
    variables: ({ sellerId, ringId }) => ({ sellerId, ringId }),
  },
  {
    name: "Search",
    about: "By the start of a word, or by an id",
    query: `query Search($text: String!) {
  search(text: $text) {
    edges {
      label
      node {
        __typename
        ... on Seller {
          sellerId
          ring {
            ringId
            tier
          }
        }
        ... on Ring {
          ringId
          tier
          sellerCount
        }
        ... on Value {
          kind
          value
        }
      }
    }
  }
}
`,
    variables: ({ sellerId }) => ({ text: sellerId.slice(0, 3) || "a" }),
  },
  {
    name: "Largest rings",
    about: "By the number of members, ten or more",
    query: `{
  rings(first: 20, orderBy: { field: SELLER_COUNT }, filter: { minSellers: 10 }) {
    nodes {
      ringId
      tier
      sellerCount
      infringementScore
    }
  }
}
`,
  },
];

/** Two ids of the database, for the variables above. */
export const IDS = "{ rings(first: 1) { nodes { ringId members(first: 1) { nodes { sellerId } } } } }";
